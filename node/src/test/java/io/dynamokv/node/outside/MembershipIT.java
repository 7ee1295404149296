package io.dynamokv.node.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real nodes gossip, at the default settings: who is alive, where, and with which map. */
class MembershipIT {
    private static final int UNUSABLE = 78;

    @TempDir
    private Path directory;

    private final List<NodeUnderTest> nodes = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (NodeUnderTest node : nodes) {
            node.close();
        }
    }

    private NodeUnderTest start(String name, String host) throws IOException {
        var node = NodeUnderTest.start(host, directory.resolve(name));
        nodes.add(node);
        return node;
    }

    private List<NodeUnderTest> cluster(int size) throws Exception {
        for (int i = 0; i < size; i++) {
            start("n" + i, "127.0.0." + (51 + i));
        }
        for (NodeUnderTest node : nodes) {
            node.awaitOpen();
        }
        Cluster.join(nodes);
        awaitAlive(nodes);
        return nodes;
    }

    /** By gossip and by each node's links. */
    private static void awaitAlive(List<NodeUnderTest> all) throws Exception {
        for (NodeUnderTest node : all) {
            node.await(
                    "all alive by gossip",
                    () -> node.metric("dynamokv_members_alive") == all.size() - 1
                            && node.metric("dynamokv_peers_alive") == all.size() - 1);
        }
    }

    private static JsonNode peer(NodeUnderTest at, UUID id) throws Exception {
        for (JsonNode peer : at.status().path("peers")) {
            if (peer.path("nodeId").asText().equals(id.toString())) {
                return peer;
            }
        }
        throw new AssertionError(id + " is no peer of " + at.host());
    }

    @Test
    void aKilledNodeIsDownAtAllOthersByGossip() throws Exception {
        List<NodeUnderTest> all = cluster(5);
        UUID id = all.get(4).id();
        List<NodeUnderTest> others = all.subList(0, 4);

        all.get(4).kill();
        long killedNanos = System.nanoTime();
        long killedMillis = System.currentTimeMillis();
        for (NodeUnderTest node : others) {
            node.await("a node down by gossip", () -> node.metric("dynamokv_members_down") == 1);
        }
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNanos);

        System.out.println("measured: a killed node was down at all others by gossip after " + tookMillis + " ms");
        for (NodeUnderTest node : others) {
            assertEquals("down", peer(node, id).path("liveness").asText());
            assertTrue(peer(node, id).path("livenessSinceMillis").asLong() >= killedMillis - 1000, node::logText);
            assertEquals(3, node.metric("dynamokv_members_alive"), node::logText);
            assertTrue(node.logText().contains("Gossip on member " + id + ": SUSPECT -> DOWN, "), node::logText);
            assertTrue(node.metric("dynamokv_gossip_sent_messages") > 0);
            assertTrue(node.metric("dynamokv_gossip_sent_bytes") > 0);
            assertTrue(node.metric("dynamokv_gossip_suspicions") >= 1);
        }
        all.get(4).startAgain();
        all.get(4).awaitServing();
        awaitAlive(all);
    }

    /** SIGSTOP: it is there and says nothing. */
    @Test
    void aPausedNeighbourBringsNobodyElseUnderSuspicion() throws Exception {
        List<NodeUnderTest> all = cluster(3);
        NodeUnderTest paused = all.get(2);
        UUID id = paused.id();
        List<NodeUnderTest> healthy = all.subList(0, 2);
        List<UUID> healthyIds = List.of(all.get(0).id(), all.get(1).id());

        paused.freeze();
        for (NodeUnderTest node : healthy) {
            node.await("the paused one down by gossip", () -> node.metric("dynamokv_members_down") == 1);
        }
        paused.thaw();
        awaitAlive(all);

        for (NodeUnderTest node : healthy) {
            for (UUID other : healthyIds) {
                assertFalse(
                        node.log().stream()
                                .anyMatch(line -> line.contains("Gossip on member " + other + ": ALIVE -> ")
                                        || line.contains("Peer " + other + ": ALIVE -> ")),
                        node::logText);
            }
            assertTrue(node.logText().contains("Gossip on member " + id + ": DOWN -> ALIVE"), node::logText);
        }
        assertTrue(paused.logText().contains("This node stood still for"), "rule T2: its links are closed unread");
        // Its own links were silent for as long as it was; what gossip says it must not conclude from that.
        assertFalse(paused.logText().contains("-> DOWN, it has been suspect"), paused::logText);
    }

    @Test
    void aNodeThatStartsElsewhereIsFoundAndItsNewPlaceIsRemembered() throws Exception {
        List<NodeUnderTest> all = cluster(3);
        NodeUnderTest moved = all.get(0);
        moved.terminate();
        moved.awaitExit();

        moved.startAgainAt(NodeUnderTest.Place.free("127.0.0.61"));
        moved.awaitServing();
        awaitAlive(all);

        assertKnownAt(all.get(1), moved);
        assertKnownAt(all.get(2), moved);
        all.get(1).terminate();
        all.get(1).awaitExit();
        all.get(1).startAgain();
        all.get(1).awaitServing();
        awaitAlive(all);
        assertKnownAt(all.get(1), moved);
        aWriteAtEachIsReadAtAll(all);
    }

    private static void assertKnownAt(NodeUnderTest node, NodeUnderTest moved) throws Exception {
        String url = "http://" + moved.host() + ":" + moved.httpPort();
        node.await("the new url", () -> new String(node.get("/v1/cluster").body(), UTF_8).contains(url));
        node.await(
                "the new place on disk",
                () -> Files.readString(node.directory().resolve("data").resolve("peers.json"))
                        .contains("\"host\":\"" + moved.host() + "\",\"peerPort\":" + moved.peerPort()));
    }

    private static void aWriteAtEachIsReadAtAll(List<NodeUnderTest> all) throws Exception {
        for (NodeUnderTest writer : all) {
            String key = "/v1/kv/carts/of-" + writer.host() + "-" + writer.httpPort();
            assertEquals(204, writer.put(key, "v").statusCode(), writer::logText);
            for (NodeUnderTest reader : all) {
                assertEquals("v", new String(reader.get(key).body(), UTF_8), reader::logText);
            }
        }
    }

    /** Lesson 15: pods swap addresses. */
    @Test
    void twoNodesThatSwapTheirAddressesAreFoundEachWhereItIs() throws Exception {
        List<NodeUnderTest> all = cluster(3);
        NodeUnderTest first = all.get(0);
        NodeUnderTest second = all.get(1);
        for (NodeUnderTest node : List.of(first, second)) {
            node.terminate();
            node.awaitExit();
        }
        NodeUnderTest.Place before = first.place();

        first.startAgainAt(second.place());
        second.startAgainAt(before);

        first.awaitServing();
        second.awaitServing();
        awaitAlive(all);
        assertKnownAt(all.get(2), first);
        assertKnownAt(all.get(2), second);
        assertKnownAt(first, second);
        assertKnownAt(second, first);
        aWriteAtEachIsReadAtAll(all);
    }

    @Test
    void aNodeThatWasAwayWhileAllOthersMovedIsFoundByThem() throws Exception {
        List<NodeUnderTest> all = cluster(3);
        NodeUnderTest away = all.get(0);
        for (NodeUnderTest node : all) {
            node.terminate();
            node.awaitExit();
        }
        all.get(1).startAgainAt(NodeUnderTest.Place.free("127.0.0.62"));
        all.get(2).startAgain();
        awaitAliveBetween(all.get(1), all.get(2));
        all.get(2).terminate();
        all.get(2).awaitExit();
        all.get(2).startAgainAt(NodeUnderTest.Place.free("127.0.0.63"));
        awaitAliveBetween(all.get(1), all.get(2));

        away.startAgain();

        away.awaitServing();
        awaitAlive(all);
        assertKnownAt(away, all.get(1));
        assertKnownAt(away, all.get(2));
        aWriteAtEachIsReadAtAll(all);
    }

    private static void awaitAliveBetween(NodeUnderTest one, NodeUnderTest other) throws Exception {
        for (NodeUnderTest node : List.of(one, other)) {
            node.awaitServing();
            node.await("the other", () -> node.metric("dynamokv_members_alive") == 1);
        }
    }

    /** Rules M1 and M3: a node that was away while the operator published learns the map from its peers. */
    @Test
    void m1_aMapThatOneNodeAdoptedReachesTheOthersAndThoseThatWereAway() throws Exception {
        List<NodeUnderTest> all = cluster(3);
        ClusterMap first = Cluster.mapOf(Cluster.ID, all);
        NodeUnderTest away = all.get(2);
        away.kill();
        ClusterMap second = first.next(first.settings(), List.of(Cluster.LATEST));
        ClusterMap third = second.next(second.settings(), List.of(Cluster.LATEST, Cluster.SMALL));
        MapChain chain = MapChain.of(first).and(second).and(third);

        assertEquals(
                200,
                all.getFirst().adopt(second, MapChain.of(first).and(second)).statusCode());
        awaitMap(all.get(1), second);
        assertEquals(200, all.get(1).adopt(third, chain).statusCode());
        awaitMap(all.getFirst(), third);
        away.startAgain();
        away.awaitServing();
        awaitMap(away, third);

        assertTrue(away.logText().contains("The map of epoch 3 came from member "), away::logText);
        for (NodeUnderTest node : all) {
            assertEquals(0, node.metric("dynamokv_map_forks"), node::logText);
        }
        awaitAlive(all);
        aWriteAtEachIsReadAtAll(all);
    }

    private static void awaitMap(NodeUnderTest node, ClusterMap map) throws Exception {
        node.await(
                "epoch " + map.epoch(),
                () -> node.status().path("mapHash").asText().equals(map.hash()));
    }

    /** Rule M1: what does not descend is refused, told once, and not fetched with every message. */
    @Test
    void m1_aForkIsAnAlarmAndChangesNothing() throws Exception {
        List<NodeUnderTest> all = cluster(2);
        ClusterMap first = Cluster.mapOf(Cluster.ID, all);
        ClusterMap ours = first.next(first.settings(), List.of(Cluster.LATEST));
        ClusterMap theirs = first.next(first.settings(), List.of(Cluster.LATEST, Cluster.SMALL));
        ClusterMap theirNext = theirs.next(theirs.settings(), List.of(Cluster.LATEST, Cluster.SMALL, Cluster.QUICK));
        all.get(1).kill();
        assertEquals(200, all.get(0).adopt(ours, MapChain.of(first).and(ours)).statusCode());
        all.get(0).kill();
        all.get(1).startAgain();
        all.get(1).awaitServing();
        assertEquals(
                200,
                all.get(1)
                        .adopt(theirNext, MapChain.of(first).and(theirs).and(theirNext))
                        .statusCode());

        all.get(0).startAgain();
        all.get(0).awaitServing();
        all.get(0).await("an alarm", () -> all.get(0).metric("dynamokv_map_forks") >= 1);
        awaitAlive(all);

        assertEquals(ours.hash(), all.get(0).status().path("mapHash").asText());
        assertEquals(
                1, all.get(0).metric("dynamokv_map_forks"), () -> all.get(0).logText());
    }

    /** A node of another cluster is turned away by the handshake, whatever address it has. */
    @Test
    void aNodeOfAnotherClusterIsNobodysMember() throws Exception {
        List<NodeUnderTest> all = cluster(2);
        NodeUnderTest gone = all.get(1);
        UUID id = gone.id();
        gone.kill();
        var foreign = start("foreign", "127.0.0.64");
        foreign.awaitOpen();
        foreign.kill();
        foreign.startAgainAt(gone.place());
        foreign.awaitOpen();
        ClusterMap map = Cluster.mapOf(new ClusterId(new UUID(0xF0, 1)), List.of(foreign));
        assertEquals(
                200,
                foreign.tellAdmin(
                                "POST",
                                "/admin/v1/join",
                                NodeUnderTest.bearer(),
                                Cluster.joinOf(map, List.of(foreign, all.getFirst())))
                        .statusCode());

        foreign.await(
                "a complaint of the one that is called", () -> foreign.logText().contains("belongs to cluster"));
        all.getFirst()
                .await(
                        "a complaint of the one that calls",
                        () -> all.getFirst().logText().contains("hangs up on links of kind REQUESTS without a word"));

        assertFalse(peer(all.getFirst(), id).path("liveness").asText().equals("alive"));
    }

    /** Rule N3: the directory is that of an earlier start than the peers have seen. */
    @Test
    void n3_aRestoredDirectoryIsTurnedAwayMovedAsideAndANewNodeBegins() throws Exception {
        List<NodeUnderTest> all = cluster(2);
        NodeUnderTest restored = all.get(1);
        Path data = restored.directory().resolve("data");
        Path copy = directory.resolve("copy");
        restored.terminate();
        restored.awaitExit();
        copy(data, copy);
        for (int i = 0; i < 2; i++) {
            restored.startAgain();
            restored.awaitServing();
            awaitAlive(all);
            restored.terminate();
            restored.awaitExit();
        }
        all.getFirst()
                .await(
                        "a durable memory",
                        () -> Files.readString(all.getFirst()
                                        .directory()
                                        .resolve("data")
                                        .resolve("starts.json"))
                                .contains("\"number\":3"));
        all.getFirst().kill();
        all.getFirst().startAgain();
        all.getFirst().awaitServing();
        delete(data);
        copy(copy, data);

        restored.startAgain();

        assertEquals(UNUSABLE, restored.awaitExit(), restored::logText);
        assertTrue(
                restored.logText().contains("comes with start number 2, and its start 3 is known here"),
                restored::logText);
        assertTrue(restored.logText().contains("an old copy of a node's"), restored::logText);
        assertTrue(
                all.getFirst().logText().contains("comes with start number 2, and its start 3 is known here"),
                all.getFirst()::logText);
        UUID turnedAway = UUID.fromString(NodeUnderTest.JSON
                .readTree(data.resolve("node.json").toFile())
                .path("nodeId")
                .asText());
        restored.startAgain();
        restored.awaitOpen();
        assertNotEquals(turnedAway, restored.id());
        assertTrue(Files.exists(data.resolve("turned-away-" + turnedAway).resolve("db")), restored::logText);
    }

    /** Rule N3: two processes with one node's id; the one that starts on the copy is the later start of the two. */
    @Test
    void n3_twoLiveNodesWithOneIdDoNotBothStay() throws Exception {
        List<NodeUnderTest> all = cluster(2);
        NodeUnderTest original = all.get(1);
        original.terminate();
        original.awaitExit();
        Path copy = directory.resolve("twin").resolve("data");
        Files.createDirectories(copy.getParent());
        copy(original.directory().resolve("data"), copy);
        original.startAgain();
        original.awaitServing();
        awaitAlive(all);

        var twin = start("twin", "127.0.0.65");

        assertEquals(UNUSABLE, twin.awaitExit(), twin::logText);
        assertTrue(twin.logText().contains("two processes run with one node's id"), twin::logText);
        assertTrue(original.isAlive());
        awaitAlive(all.subList(0, 2));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
