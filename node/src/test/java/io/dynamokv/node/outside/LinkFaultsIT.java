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
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Links between real nodes that fail under load, in one direction and in both (N=3, R=2, W=2, synced): who has a quorum serves, who has none refuses, nobody
 * reads what is old (rules R1, W3), and in the end every node has all that was acknowledged.
 */
@Isolated("no other test may keep a healthy node from answering in time")
class LinkFaultsIT {
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
        assertAllHaveAll(Load.through(
                name,
                ALL,
                List.of(one, two),
                load -> {
                    String path = "/v1/kv/carts/" + name;
                    assertEquals(204, one.put(path + "?w=3", "old").statusCode());
                    fault.begin();
                    awaitDown(three, 2);
                    assertRefusesEverybody(load);
                    assertEquals("old", new String(three.get(path + "?r=1").body(), UTF_8));
                },
                _ -> network.heal()));
    }

    /** While the others serve. What was under way when it began may end in any way. */
    private static void assertRefusesEverybody(Load load) throws Exception {
        Load.Count before = load.count(three);
        load.awaitRefused(Load.SOME, three);
        load.awaitServed(Load.SOME, List.of(one, two));
        Load.Count now = load.count(three);
        assertTrue(now.acknowledged() <= before.acknowledged() + 1, before + " " + now);
        assertTrue(now.unknown() <= before.unknown() + 1, before + " " + now);
        assertTrue(now.reads() <= before.reads() + 1, before + " " + now);
    }

    /** By way of the third node all agree that all are alive, and the third is in every quorum. */
    @Test
    void aLinkThatIsCutInOneDirectionHoldsUpNobody() throws Exception {
        assertAllHaveAll(Load.through(
                "one-way",
                ALL,
                ALL,
                load -> {
                    network.cut(one, two);
                    awaitDown(one, 1);
                    awaitDown(two, 1);
                    load.awaitServed(Load.SOME, ALL);
                    for (NodeUnderTest node : ALL) {
                        assertEquals(0, node.metric("dynamokv_members_down"), node::logText);
                    }
                },
                _ -> healAndAwaitAlive()));
    }

    @Test
    void aLinkThatIsSlowHoldsUpNobody() throws Exception {
        assertAllHaveAll(Load.through(
                "slow",
                ALL,
                ALL,
                load -> {
                    network.slow(one, two, Passage.late(300));
                    load.awaitServed(Load.SOME, ALL);
                    network.slow(one, two, Passage.trickle(300, 100, 20));
                    load.awaitServed(Load.SOME, ALL);
                },
                _ -> healAndAwaitAlive()));
    }

    /** A handshake takes a round trip of 600 ms there; with 400 ms for it such a link never came up again once it had broken. */
    @Test
    void aSlowLinkThatBrokeComesUpAgain() throws Exception {
        assertAllHaveAll(Load.through(
                "slow-again",
                ALL,
                ALL,
                load -> {
                    network.cut(one, two);
                    network.cut(two, one);
                    awaitDown(one, 1);
                    awaitDown(two, 1);
                    network.slow(one, two, Passage.late(300));
                    for (NodeUnderTest node : List.of(one, two)) {
                        node.await("a link to the other", () -> node.metric("dynamokv_peers_down") == 0);
                    }
                    load.awaitServed(Load.SOME, ALL);
                },
                _ -> healAndAwaitAlive()));
    }

    private static void healAndAwaitAlive() throws Exception {
        network.heal();
        Cluster.awaitAlive(ALL);
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
