package io.dynamokv.node.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ClusterMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rule N1: what raises a doubt is refused as it is, and the message says what to do. */
class DataDirectoryRefusalTest {
    private static final ClusterMap FIRST = Samples.firstMap(Samples.CLUSTER);
    private static final List<PeerEntry> PEERS = List.of(new PeerEntry(
            NodeId.parse("0a000000-0000-4000-8000-00000000000b"), "node-2", new NodeAddress("10.0.0.2", 7000, 8080)));
    private static final ClusterId OTHER = new ClusterId(new UUID(0x4000, 9));

    private final RandomGenerator random = new SplittableRandom(1);

    @TempDir
    private Path parent;

    private Path data = Path.of("unset");
    private String discard = "";

    @BeforeEach
    void nameTheDirectory() {
        data = parent.resolve("data");
        discard = "only if the other replicas hold all that this node held, discard the directory with: rm -r -- '"
                + data + "'";
    }

    @Test
    void aDirectoryOfAnotherCluster() throws IOException {
        NodeId id = makeMember();

        assertRefusedUntouched(
                Optional.of(OTHER),
                data + " belongs to node " + id + " of cluster " + Samples.CLUSTER + ", but cluster " + OTHER
                        + " is expected; nothing was changed. Give the node its own directory, or, " + discard);
        assertEquals(2, open(Optional.of(Samples.CLUSTER)), "the refused start was counted");
    }

    @Test
    void aDirectoryThatThisProcessUses() {
        try (var _ = DataDirectory.open(data, Optional.empty(), random)) {
            assertRefused(
                    Optional.empty(),
                    data + " is used by another node, the process with pid "
                            + ProcessHandle.current().pid()
                            + " (this one). Stop that one first, or give this one a directory of its own.");
        }
        assertEquals(2, open(Optional.empty()));
    }

    @Test
    void aDirectoryThatAnotherProcessUsesUntilItIsKilled() throws IOException, InterruptedException {
        try (var child = ChildJvm.start(parent.resolve("scratch"), DirectoryHolder.class, data)) {
            assertEquals("open 1", child.readLine());

            assertRefused(
                    Optional.empty(),
                    data + " is used by another node, the process with pid " + child.pid()
                            + ". Stop that one first, or give this one a directory of its own.");

            child.kill();
            assertEquals(2, open(Optional.empty()));
        }
    }

    /** Trace: a process that closes any channel to a file loses its locks on it; a second attempt in it must not open one. */
    @Test
    void aSecondAttemptInOneProcessDoesNotUnlockTheFirst() throws IOException {
        try (var _ = DataDirectory.open(data, Optional.empty(), random)) {
            assertThrows(DirectoryRefusedException.class, () -> open(Optional.empty()));

            try (var child = ChildJvm.start(parent.resolve("scratch"), DirectoryHolder.class, data)) {
                assertTrue(child.readLine()
                        .startsWith(data + " is used by another node, the process with pid "
                                + ProcessHandle.current().pid() + ". "));
            }
        }
    }

    @Test
    void aFileInPlaceOfTheDirectory() throws IOException {
        Files.writeString(data, "");
        assertRefused(Optional.empty(), data + " is not a directory. Give the node a directory of its own.");

        Path below = data.resolve("node");
        var refusal = assertThrows(
                DirectoryRefusedException.class, () -> DataDirectory.open(below, Optional.empty(), random));
        assertTrue(String.valueOf(refusal.getMessage())
                .startsWith(below + " cannot be used: opening the node's directory failed ("));
    }

    @Test
    void aDirectoryThatMustNotBeWritten() throws IOException {
        Files.createDirectory(data);
        assumeFalse(
                data.toFile().setWritable(false) && Files.isWritable(data),
                "this user may write everywhere, so nothing can be forbidden to it");

        var refusal = assertThrows(DirectoryRefusedException.class, () -> open(Optional.empty()));

        assertTrue(String.valueOf(refusal.getMessage())
                .startsWith(data + " is not writable for user " + System.getProperty("user.name")));
    }

    @Test
    void aDirectoryWithOtherThings() throws IOException {
        Files.createDirectories(data);
        for (String name : new String[] {"d", "c", "b", "a"}) {
            Files.writeString(data.resolve(name), name);
        }

        assertRefusedUntouched(
                Optional.empty(),
                data
                        + " is no node's directory: it has no node.json, but 4 other entries (a, b, c). Give the node an empty"
                        + " directory, or restore node.json if it was one; nothing was changed.");
    }

    @Test
    void aNodesDirectoryWithoutItsIdentity() throws IOException {
        makeMember();
        Files.delete(data.resolve("node.json"));

        assertRefusedUntouched(
                Optional.empty(),
                data
                        + " is no node's directory: it has no node.json, but 6 other entries (boot.json, chain, db). Give the"
                        + " node an empty directory, or restore node.json if it was one; nothing was changed.");
    }

    @Test
    void filesOfANewerRelease() throws IOException {
        makeMember();
        for (String name : new String[] {"node.json", "boot.json", "map.json", "peers.json"}) {
            int known = name.equals("map.json") || name.equals("node.json") ? 2 : 1;
            withFile(
                    name,
                    "{\"format\":" + (known + 1) + ",\"unheardOf\":true}",
                    () -> assertRefusedUntouched(
                            Optional.empty(),
                            data.resolve(name)
                                    + " has format " + (known + 1)
                                    + " and was written by a newer release; this one knows format " + known
                                    + ". Start the newer release; nothing was changed."));
        }
    }

    /** Rows of another layout would not be found, and would pass for keys that were never written. */
    @Test
    void rowsOfAnEarlierOrALaterLayout() throws IOException {
        NodeId id = makeMember();
        String nodeAndCluster = "\"nodeId\":\"" + id + "\",\"clusterId\":\"" + Samples.CLUSTER + "\"}";
        withFile(
                "node.json",
                "{\"format\":1," + nodeAndCluster,
                () -> assertRefusedUntouched(
                        Optional.empty(),
                        data
                                + " has rows of layout 1, written by a build from before the first release; this one reads"
                                + " layout 2 and converts none. Nothing was changed. Start what wrote it, or, "
                                + discard));
        withFile(
                "node.json",
                "{\"format\":2,\"layout\":3," + nodeAndCluster,
                () -> assertRefusedUntouched(
                        Optional.empty(),
                        data
                                + " has rows of layout 3, written by a newer release; this one reads layout 2 and converts"
                                + " none. Nothing was changed. Start what wrote it, or, "
                                + discard));
        withFile(
                "node.json",
                "{\"format\":2," + nodeAndCluster,
                () -> assertDamaged("node.json", "format 2 with layout null"));
        assertEquals(2, open(Optional.empty()));
    }

    @Test
    void damagedFilesByName() throws IOException {
        makeMember();
        String[] damages = {
            "",
            "{",
            "[]",
            "null",
            "{}",
            "{\"format\":\"x\"}",
            "{\"format\":0}",
            "{\"format\":1}",
            "{\"format\":1} {}",
            "\u0000\u0000\u0000"
        };
        for (String name : new String[] {"node.json", "boot.json", "map.json", "peers.json"}) {
            for (String damage : damages) {
                withFile(name, damage, () -> assertDamaged(name, ""));
            }
        }
        withFile(
                "node.json", "{\"format\":1,\"nodeId\":null,\"clusterId\":null}", () -> assertDamaged("node.json", ""));
        withFile("boot.json", "{\"format\":1,\"number\":0,\"random\":\"00\"}", () -> assertDamaged("boot.json", ""));
        withFile("peers.json", "{\"format\":1,\"peers\":[null]}", () -> assertDamaged("peers.json", ""));
        withFile("chain", "1 1 abc\n", () -> assertDamaged("chain", "line 1 is not 'epoch term hash'"));
        withFile("chain", "1 1 " + FIRST.hash(), () -> assertDamaged("chain", "the last line is cut off"));
    }

    @Test
    void aMapThatWasChangedByHand() throws IOException {
        makeMember();
        String changed = Files.readString(data.resolve("map.json")).replace("\"readQuorum\":2", "\"readQuorum\":1");

        withFile("map.json", changed, () -> assertDamaged("map.json", "map: hash must be "));
    }

    @Test
    void aMapOfAnotherClusterOrFromBeforeTheChainsEnd() throws IOException {
        makeMember();
        Path elsewhere = parent.resolve("elsewhere");
        try (var directory = DataDirectory.open(elsewhere, Optional.empty(), random)) {
            directory.adopt(Samples.firstMap(OTHER), directory.chain().and(Samples.firstMap(OTHER)));
        }
        withFile(
                "map.json",
                Files.readString(elsewhere.resolve("map.json")),
                () -> assertDamaged("map.json", "it is of cluster " + OTHER + ", the node is of " + Samples.CLUSTER));
        String longer = Files.readString(data.resolve("chain")) + "2 1 " + "0".repeat(64) + "\n";
        withFile("chain", longer, () -> assertDamaged("map.json", "it has epoch 1 and hash " + FIRST.hash()));
    }

    @Test
    void aMemberThatLostItsStartsItsMapOrItsDatabase() throws IOException {
        makeMember();
        withoutFile("boot.json", () -> assertDamaged("boot.json", "it is missing"));
        withoutFile("map.json", () -> assertDamaged("map.json", "it is missing"));
        withoutFile("db/CURRENT", () -> assertDamaged("db", "it is missing, and without it the node would vote"));
        assertEquals(2, open(Optional.empty()));
    }

    private interface Check {
        void run() throws IOException;
    }

    private void withFile(String name, String content, Check check) throws IOException {
        byte[] sound = Files.readAllBytes(data.resolve(name));
        Files.writeString(data.resolve(name), content);
        check.run();
        Files.write(data.resolve(name), sound);
    }

    private void withoutFile(String name, Check check) throws IOException {
        byte[] sound = Files.readAllBytes(data.resolve(name));
        Files.delete(data.resolve(name));
        check.run();
        Files.write(data.resolve(name), sound);
    }

    private NodeId makeMember() {
        try (var directory = DataDirectory.open(data, Optional.empty(), random)) {
            RocksReplicaStore.open(directory.database(), Samples.SMALL).close();
            directory.adopt(FIRST, directory.chain().and(FIRST));
            directory.keepPeers(PEERS);
            return directory.nodeId();
        }
    }

    /** @return the number of the start */
    private long open(Optional<ClusterId> expected) {
        try (var directory = DataDirectory.open(data, expected, random)) {
            return directory.boot().number();
        }
    }

    private void assertDamaged(String name, String why) throws IOException {
        Map<String, String> before = contents();
        var refusal = assertThrows(DirectoryRefusedException.class, () -> open(Optional.empty()));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.startsWith(data.resolve(name) + " is damaged (" + why), message);
        assertTrue(message.endsWith("). Restore the file, or, " + discard), message);
        assertEquals(before, contents());
    }

    private void assertRefusedUntouched(Optional<ClusterId> expected, String message) throws IOException {
        Map<String, String> before = contents();
        assertRefused(expected, message);
        assertEquals(before, contents());
    }

    private void assertRefused(Optional<ClusterId> expected, String message) {
        var refusal = assertThrows(DirectoryRefusedException.class, () -> open(expected));
        assertEquals(message, refusal.getMessage());
    }

    /** Names and contents of the directory's own files. */
    private Map<String, String> contents() throws IOException {
        var contents = new TreeMap<String, String>();
        try (Stream<Path> entries = Files.list(data)) {
            for (Path entry : entries.toList()) {
                contents.put(entry.toString(), Files.isDirectory(entry) ? "directory" : Files.readString(entry));
            }
        }
        return contents;
    }
}
