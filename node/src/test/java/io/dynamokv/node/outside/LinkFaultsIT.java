package io.dynamokv.node.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Links between real nodes that fail under load, in one direction and in both (N=3, R=2, W=2, synced): who has a quorum serves, who has none refuses, nobody
 * reads what is old (rules R1, W3), and in the end every node has all that was acknowledged.
 */
class LinkFaultsIT {
    private static final int SOME = 25;

    @TempDir
    private static Path directory;

    private static final List<NodeUnderTest> ALL = new ArrayList<>();
    private static FaultyNetwork network;
    private static NodeUnderTest one;
    private static NodeUnderTest two;
    private static NodeUnderTest three;

    @BeforeAll
    static void start() throws Exception {
        for (int i = 1; i <= 3; i++) {
            ALL.add(NodeUnderTest.start(
                    "127.0.0.11" + i, directory.resolve("node-" + i), "dynamokv.advertised-host=127.0.1.11" + i));
        }
        for (NodeUnderTest node : ALL) {
            node.awaitOpen();
        }
        network = FaultyNetwork.between(ALL);
        Cluster.join(ALL);
        Cluster.awaitAlive(ALL);
        one = ALL.get(0);
        two = ALL.get(1);
        three = ALL.get(2);
    }

    @AfterAll
    static void stop() throws IOException {
        for (NodeUnderTest node : ALL) {
            node.close();
        }
        ALL.clear();
        network.close();
    }

    private interface Fault {
        void begin() throws IOException, InterruptedException;
    }

    @Test
    void aNodeThatIsCutOffInBothDirectionsRefusesAndTheOthersServeOn() throws Exception {
        aNodeWithoutAQuorumRefuses("cut", () -> {
            for (NodeUnderTest other : List.of(one, two)) {
                network.cut(three, other);
                network.cut(other, three);
            }
        });
    }

    /** It hears the others' gossip and requests, and believes them no more alive for that: they do not answer it. */
    @Test
    void aNodeThatIsNotHeardRefusesAndTheOthersServeOn() throws Exception {
        aNodeWithoutAQuorumRefuses("mute", () -> {
            network.cut(three, one);
            network.cut(three, two);
        });
    }

    /** What it sends is stored by the others, and it never learns that: unknown, not confirmed. */
    @Test
    void aNodeThatHearsNobodyRefusesAndTheOthersServeOn() throws Exception {
        aNodeWithoutAQuorumRefuses("deaf", () -> {
            network.cut(one, three);
            network.cut(two, three);
        });
    }

    private static void aNodeWithoutAQuorumRefuses(String name, Fault fault) throws Exception {
        var load = Load.start(name, ALL);
        try (load) {
            load.awaitServed(SOME, ALL);
            Load.Count oneBefore = load.count(one);
            Load.Count twoBefore = load.count(two);
            assertEquals(204, one.put("/v1/kv/carts/" + name + "?w=3", "old").statusCode());

            fault.begin();
            awaitDown(three, 2);
            Load.Count cutOff = load.count(three);
            load.awaitRefused(SOME, three);
            load.awaitServed(SOME, List.of(one, two));

            Load.Count refusing = load.count(three);
            assertTrue(refusing.acknowledged() <= cutOff.acknowledged() + 1, cutOff + " " + refusing);
            assertTrue(refusing.unknown() <= cutOff.unknown() + 1, "one was under way: " + cutOff + " " + refusing);
            assertTrue(refusing.reads() <= cutOff.reads() + 1, cutOff + " " + refusing);
            assertEquals(
                    "old", new String(three.get("/v1/kv/carts/" + name + "?r=1").body(), UTF_8));
            assertNothingFailed(load, one, oneBefore);
            assertNothingFailed(load, two, twoBefore);

            network.heal();
            load.awaitServed(SOME, ALL);
        }
        assertAllHaveAll(load);
    }

    /** By way of the third node all agree that all are alive, and the third is in every quorum. */
    @Test
    void aLinkThatIsCutInOneDirectionHoldsUpNobody() throws Exception {
        var load = Load.start("one-way", ALL);
        try (load) {
            load.awaitServed(SOME, ALL);
            List<Load.Count> before = ALL.stream().map(load::count).toList();

            network.cut(one, two);
            awaitDown(one, 1);
            awaitDown(two, 1);
            load.awaitServed(2 * SOME, ALL);

            for (int i = 0; i < 3; i++) {
                assertNothingFailed(load, ALL.get(i), before.get(i));
                assertEquals(0, ALL.get(i).metric("dynamokv_members_down"), ALL.get(i)::logText);
            }
            network.heal();
            Cluster.awaitAlive(ALL);
        }
        assertAllHaveAll(load);
    }

    @Test
    void aLinkThatIsSlowHoldsUpNobody() throws Exception {
        var load = Load.start("slow", ALL);
        try (load) {
            load.awaitServed(SOME, ALL);
            List<Load.Count> before = ALL.stream().map(load::count).toList();

            network.slow(one, two, Passage.late(300));
            load.awaitServed(SOME, ALL);
            network.slow(one, two, Passage.trickle(300, 100, 20));
            load.awaitServed(2 * SOME, ALL);

            for (int i = 0; i < 3; i++) {
                assertNothingFailed(load, ALL.get(i), before.get(i));
            }
            network.heal();
            Cluster.awaitAlive(ALL);
        }
        assertAllHaveAll(load);
    }

    private static void assertNothingFailed(Load load, NodeUnderTest node, Load.Count before) {
        Load.Count now = load.count(node);
        assertEquals(before.refused(), now.refused(), node::logText);
        assertEquals(before.unknown(), now.unknown(), node::logText);
        assertEquals(before.readsRefused(), now.readsRefused(), node::logText);
    }

    private static void awaitDown(NodeUnderTest node, int peers) throws Exception {
        node.await(peers + " peers down", () -> node.metric("dynamokv_peers_down") == peers);
    }

    /** Without any command: nodes that see each other again compare what they hold. */
    private static void assertAllHaveAll(Load load) throws Exception {
        assertEquals(List.of(), load.wrong());
        for (NodeUnderTest node : ALL) {
            node.await("all that was acknowledged", () -> load.differences(node).isEmpty());
        }
    }
}
