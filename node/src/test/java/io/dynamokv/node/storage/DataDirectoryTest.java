package io.dynamokv.node.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ChainLink;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import io.dynamokv.core.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    private static final ClusterMap FIRST = Samples.firstMap(Samples.CLUSTER);
    private static final ClusterMap SECOND = Samples.childOf(FIRST);
    private static final List<PeerEntry> PEERS = List.of(
            new PeerEntry(
                    NodeId.parse("0a000000-0000-4000-8000-00000000000b"),
                    "node-2",
                    new NodeAddress("10.0.0.2", 7000, 8080)),
            new PeerEntry(
                    NodeId.parse("0a000000-0000-4000-8000-00000000000c"),
                    "node-3",
                    new NodeAddress("10.0.0.3", 7001, 8081)));

    private final RandomGenerator random = new SplittableRandom(1);

    @TempDir
    private Path parent;

    /** Rule N1. */
    @Test
    void anIdentityIsMadeOnceAndStays() {
        NodeId id;
        try (var directory = open()) {
            id = directory.nodeId();
            assertEquals(4, id.value().version());
            assertEquals(2, id.value().variant());
            assertEquals(Optional.empty(), directory.clusterId());
            assertEquals(Optional.empty(), directory.map());
            assertEquals(List.of(), directory.peers());
        }
        try (var directory = open()) {
            assertEquals(id, directory.nodeId());
        }
        try (var other = DataDirectory.open(parent.resolve("other"), Optional.empty(), random)) {
            assertNotEquals(id, other.nodeId());
        }
    }

    /** Rule N3. */
    @Test
    void everyStartHasTheNextNumberAndOtherRandomBits() {
        var bits = new HashSet<Long>();
        for (int number = 1; number <= 5; number++) {
            try (var directory = open()) {
                assertEquals(number, directory.boot().number());
                assertTrue(bits.add(directory.boot().random()));
            }
        }
    }

    @Test
    void n3_whatWasTurnedAwayIsMovedAsideWholeAndANewNodeBegins() throws IOException {
        NodeId turnedAway;
        try (var directory = open()) {
            turnedAway = directory.nodeId();
            Files.writeString(directory.database().resolve("CURRENT"), "rows");
            directory.adopt(FIRST, MapChain.of(FIRST));
            directory.turnAway("a later start is known");
        }

        NodeId begun;
        try (var directory = open()) {
            begun = directory.nodeId();
            assertNotEquals(turnedAway, begun);
            assertEquals(1, directory.boot().number());
            assertEquals(Optional.empty(), directory.map());
            directory.turnAway("this one too");
        }
        Path aside = parent.resolve("data").resolve("turned-away-" + turnedAway);
        assertEquals("rows", Files.readString(aside.resolve("db").resolve("CURRENT")));
        assertTrue(Files.readString(aside.resolve("node.json")).contains(turnedAway.toString()));
        assertTrue(Files.readString(aside.resolve("turned-away.json")).contains("a later start is known"));
        try (var directory = open()) {
            assertNotEquals(begun, directory.nodeId());
        }
        assertTrue(Files.exists(aside), "what was moved aside before stays where it is");
    }

    @Test
    void n3_aCrashWhileItIsMovedAsideLeavesTheRestForTheNextStart() throws IOException {
        NodeId turnedAway;
        try (var directory = open()) {
            turnedAway = directory.nodeId();
            directory.turnAway("a later start is known");
        }
        Path place = parent.resolve("data");
        Path aside = Files.createDirectory(place.resolve("turned-away-" + turnedAway));
        Files.move(place.resolve("node.json"), aside.resolve("node.json"));

        try (var directory = open()) {
            assertNotEquals(turnedAway, directory.nodeId());
        }
        assertTrue(Files.exists(aside.resolve("boot.json")));
        assertTrue(Files.exists(aside.resolve("turned-away.json")));
    }

    /** Rule M1: a map and its chain are durable before they are acknowledged. */
    @Test
    void anAdoptedMapAndItsChainAreThereAfterTheNextStart() throws IOException {
        try (var directory = openWithDatabase()) {
            directory.adopt(FIRST, directory.chain().and(FIRST));
            directory.adopt(SECOND, directory.chain().and(SECOND));
            directory.adopt(SECOND, directory.chain().and(SECOND));
        }
        try (var directory = open()) {
            assertEquals(Optional.of(Samples.CLUSTER), directory.clusterId());
            assertEquals(Optional.of(SECOND), directory.map());
            assertEquals(new MapChain(List.of(ChainLink.of(FIRST), ChainLink.of(SECOND))), directory.chain());
        }
        assertEquals("1 1 " + FIRST.hash() + "\n2 1 " + SECOND.hash() + "\n", Files.readString(path("chain")));
    }

    /** Rules M1 and M3: from far away, and of a higher term in the place of a map that was never committed. */
    @Test
    void aMapComesWithTheChainThatLeadsToIt() throws IOException {
        ClusterMap third = Samples.childOf(SECOND);
        ClusterMap recovered = SECOND.nextTerm();
        var line = MapChain.of(FIRST).and(SECOND).and(recovered);
        try (var directory = openWithDatabase()) {
            directory.adopt(FIRST, MapChain.of(FIRST));
            directory.adopt(third, MapChain.of(FIRST).and(SECOND).and(third));
            directory.adopt(recovered, line);
        }
        try (var directory = open()) {
            assertEquals(Optional.of(recovered), directory.map());
            assertEquals(line, directory.chain());
        }
    }

    /** Every state between two steps of adopting from far away: the links between are never lost. */
    @Test
    void aCrashDuringAdoptingFromFarAwayKeepsAllLinks() throws IOException {
        ClusterMap third = Samples.childOf(SECOND);
        var line = MapChain.of(FIRST).and(SECOND).and(third);
        try (var directory = openWithDatabase()) {
            directory.adopt(FIRST, MapChain.of(FIRST));
        }
        Files.writeString(path("chain.next"), line.format());
        try (var directory = open()) {
            assertEquals(Optional.of(FIRST), directory.map());
            assertEquals(MapChain.of(FIRST), directory.chain());
            assertTrue(Files.notExists(path("chain.next")));
            directory.adopt(third, line);
        }
        Files.writeString(path("chain"), MapChain.of(FIRST).format());
        Files.writeString(path("chain.next"), line.format());
        try (var directory = open()) {
            assertEquals(Optional.of(third), directory.map());
            assertEquals(line, directory.chain());
        }
        assertEquals(line.format(), Files.readString(path("chain")));
        assertTrue(Files.notExists(path("chain.next")));
    }

    @Test
    void refusesToAdoptWhatCannotDescendFromItsMap() {
        var foreign = Samples.firstMap(new ClusterId(new UUID(9, 9)));
        try (var directory = openWithDatabase()) {
            directory.adopt(SECOND, directory.chain().and(SECOND));

            assertThrows(
                    IllegalArgumentException.class,
                    () -> directory.adopt(FIRST, directory.chain().and(FIRST)));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> directory.adopt(foreign, directory.chain().and(foreign)));
            assertEquals(Optional.of(SECOND), directory.map());
        }
    }

    @Test
    void thePeersAreThereAfterTheNextStart() {
        try (var directory = open()) {
            directory.keepPeers(PEERS);
        }
        try (var directory = open()) {
            assertEquals(PEERS, directory.peers());
            directory.keepPeers(List.of());
        }
        try (var directory = open()) {
            assertEquals(List.of(), directory.peers());
        }
    }

    /** These files lie on disks: a change of their form is a new format, and this one stays readable. */
    @Test
    void writesAndReadsTheFilesOfFormatOne() throws IOException {
        Files.createDirectories(path("db"));
        String node =
                "{\"format\":2,\"layout\":2,\"nodeId\":\"0a000000-0000-4000-8000-00000000000a\",\"clusterId\":null}";
        String peer =
                "{\"format\":1,\"peers\":[{\"nodeId\":\"0a000000-0000-4000-8000-00000000000b\",\"name\":\"node-2\","
                        + "\"host\":\"10.0.0.2\",\"peerPort\":7000,\"httpPort\":8080}]}";
        Files.writeString(path("node.json"), node);
        Files.writeString(path("boot.json"), "{\"format\":1,\"number\":41,\"random\":\"ffffffffffffffff\"}");
        Files.writeString(path("peers.json"), peer);

        BootId boot;
        try (var directory = open()) {
            assertEquals(NodeId.parse("0a000000-0000-4000-8000-00000000000a"), directory.nodeId());
            assertEquals(PEERS.subList(0, 1), directory.peers());
            boot = directory.boot();
            assertEquals(42, boot.number());
            directory.keepPeers(PEERS);
            directory.keepPeers(PEERS.subList(0, 1));
            directory.adopt(FIRST, directory.chain().and(FIRST));
        }

        assertEquals(node.replace("null", "\"" + Samples.CLUSTER + "\""), Files.readString(path("node.json")));
        assertEquals(peer, Files.readString(path("peers.json")));
        assertEquals(
                "{\"format\":1,\"number\":42,\"random\":\"%016x\"}".formatted(boot.random()),
                Files.readString(path("boot.json")));
        assertTrue(Files.readString(path("map.json"))
                .startsWith("{\"format\":1,\"clusterId\":\"" + Samples.CLUSTER + "\""));
    }

    @Test
    void anInterruptedCreationIsTakenForEmpty() throws IOException {
        Files.createDirectories(path("lost+found"));
        Files.writeString(path("lock"), "123\n");
        Files.writeString(path("node.json.tmp"), "{\"form");

        try (var directory = open()) {
            assertEquals(1, directory.boot().number());
        }
        assertEquals(List.of("boot.json", "db", "lock", "lost+found", "node.json"), names());
    }

    /** Every state between two steps of the first start. */
    @Test
    void aCrashDuringTheFirstStartLeavesADirectoryThatOpensAsTheSameNode() throws IOException {
        NodeId id;
        try (var directory = open()) {
            id = directory.nodeId();
        }
        Files.delete(path("boot.json"));
        Files.writeString(path("boot.json.tmp"), "");
        try (var directory = open()) {
            assertEquals(id, directory.nodeId());
            assertEquals(1, directory.boot().number());
        }
        Files.delete(path("boot.json"));
        Files.delete(path("db"));
        try (var directory = open()) {
            assertEquals(id, directory.nodeId());
        }
    }

    /** Every state between two steps of adopting: the cluster, the map, the chain. */
    @Test
    void aCrashDuringAdoptingLeavesTheOldMapOrTheNewOneWithItsLine() throws IOException {
        try (var directory = openWithDatabase()) {
            directory.adopt(FIRST, directory.chain().and(FIRST));
        }
        Files.delete(path("chain"));
        Files.writeString(path("chain.tmp"), "1 1");
        try (var directory = open()) {
            assertEquals(new MapChain(List.of(ChainLink.of(FIRST))), directory.chain());
        }
        byte[] chainOfFirst = Files.readAllBytes(path("chain"));
        try (var directory = open()) {
            directory.adopt(SECOND, directory.chain().and(SECOND));
        }
        Files.write(path("chain"), chainOfFirst);
        try (var directory = open()) {
            assertEquals(Optional.of(SECOND), directory.map());
            assertEquals(new MapChain(List.of(ChainLink.of(FIRST), ChainLink.of(SECOND))), directory.chain());
        }
        Files.delete(path("chain"));
        Files.delete(path("map.json"));
        Files.writeString(path("map.json.tmp"), "{\"format\":1,\"clus");
        try (var directory = open()) {
            assertEquals(Optional.empty(), directory.map());
            assertEquals(Optional.of(Samples.CLUSTER), directory.clusterId());
            directory.adopt(FIRST, directory.chain().and(FIRST));
            assertEquals(Optional.of(FIRST), directory.map());
        }
        assertTrue(names().stream().noneMatch(name -> name.endsWith(".tmp")));
    }

    /** Rule N1. Trace: the directory is removed, the process writes on into files without names, confirms, and ends: all of it is gone. */
    @Test
    void knowsThatItWasRemovedOrExchangedUnderTheRunningNode() throws IOException {
        Path data = parent.resolve("data");
        Path aside = parent.resolve("aside");
        try (var directory = open()) {
            RocksReplicaStore.open(directory.database(), Samples.SMALL).close();
            directory.adopt(FIRST, directory.chain().and(FIRST));
            directory.keepPeers(PEERS);
            directory.requireInPlace();

            Files.move(data, aside);
            assertThrows(StoreException.class, directory::requireInPlace);
            Files.createDirectories(data.resolve("db"));
            Files.writeString(data.resolve("lock"), "another's");
            Files.writeString(data.resolve("db").resolve("CURRENT"), "another's");
            var exchanged = assertThrows(StoreException.class, directory::requireInPlace);
            assertEquals(
                    data + " or its database was removed, or another took its place, while the node was running",
                    exchanged.getMessage());

            deleteTree(data);
            Files.move(aside, data);
            directory.requireInPlace();
            deleteTree(data.resolve("db"));
            assertThrows(StoreException.class, directory::requireInPlace);
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void tellsHowMuchOfItsDiskIsUsable() {
        try (var directory = open()) {
            assertTrue(directory.usableBytes() > 0);
            assertTrue(directory.totalBytes() >= directory.usableBytes());
        }
    }

    private DataDirectory open() {
        return DataDirectory.open(parent.resolve("data"), Optional.empty(), random);
    }

    private DataDirectory openWithDatabase() {
        DataDirectory directory = open();
        RocksReplicaStore.open(directory.database(), Samples.SMALL).close();
        return directory;
    }

    private Path path(String name) {
        return parent.resolve("data").resolve(name);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(parent.resolve("data"))) {
            return entries.map(entry -> entry.toFile().getName()).sorted().toList();
        }
    }
}
