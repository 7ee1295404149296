package io.dynamokv.node.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Rule N3: a node on a directory that the others know a later start of does not serve. */
@Order(Cluster.SECOND)
@ResourceLock(value = Cluster.MACHINE, mode = ResourceAccessMode.READ)
class OldDirectoriesIT extends FreshNodes {
    private static final int UNUSABLE = 78;

    OldDirectoriesIT() {
        super(151);
    }

    /** Rule N3: the directory is that of an earlier start than the peers have seen. */
    @Test
    void n3_aRestoredDirectoryIsTurnedAwayMovedAsideAndANewNodeBegins() throws Exception {
        List<NodeUnderTest> all = cluster(2);
        NodeUnderTest restored = all.get(1);
        Path data = restored.data();
        Path copy = directory.resolve("copy");
        restored.stop();
        copy(data, copy);
        for (int i = 0; i < 2; i++) {
            restored.startAgain();
            restored.awaitServing();
            Cluster.awaitAlive(all);
            restored.stop();
        }
        all.getFirst().awaitOnDisk("starts.json", "\"number\":3");
        all.getFirst().kill();
        all.getFirst().startAgain();
        all.getFirst().awaitServing();
        NodeUnderTest.delete(data);
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
        original.stop();
        Path copy = directory.resolve("twin").resolve("data");
        Files.createDirectories(copy.getParent());
        copy(original.data(), copy);
        original.startAgain();
        original.awaitServing();
        Cluster.awaitAlive(all);

        var twin = start("twin", 3);

        assertEquals(UNUSABLE, twin.awaitExit(), twin::logText);
        assertTrue(twin.logText().contains("two processes run with one node's id"), twin::logText);
        assertTrue(original.isAlive());
        Cluster.awaitAlive(all.subList(0, 2));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
