package io.dynamokv.node.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.node.storage.DataDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rule N3. */
class PeerStartsTest {
    private static final NodeId PEER = new NodeId(new UUID(0xB, 1));

    @TempDir
    private Path path;

    private final List<String> turnedAway = new ArrayList<>();

    private DataDirectory open() {
        return DataDirectory.open(path, Optional.empty(), new SplittableRandom(1));
    }

    private PeerStarts startsOf(DataDirectory directory) {
        return new PeerStarts(directory, Runnable::run, (peer, why) -> turnedAway.add(why));
    }

    @Test
    void n3_aLaterStartIsRememberedAndAnEarlierOneTurnedAway() {
        try (DataDirectory directory = open()) {
            PeerStarts starts = startsOf(directory);
            assertEquals(Optional.empty(), starts.whyNot(PEER, new BootId(4, 1)));
            assertEquals(Optional.empty(), starts.whyNot(PEER, new BootId(4, 1)), "the same once more");
            assertEquals(Optional.empty(), starts.whyNot(PEER, new BootId(5, 2)));

            assertEquals(
                    "node " + PEER + " comes with start number 4, and its start 5 is known here",
                    starts.whyNot(PEER, new BootId(4, 1)).orElse(""));
            assertEquals(
                    "node " + PEER + " has start number 5 twice: two processes run with one node's id",
                    starts.whyNot(PEER, new BootId(5, 3)).orElse(""));
            assertEquals(Optional.empty(), starts.whyNot(PEER, new BootId(5, 2)), "nothing was learnt from those");
        }
    }

    @Test
    void n3_whatIsRememberedOutlivesTheProcess() {
        try (DataDirectory directory = open()) {
            startsOf(directory).whyNot(PEER, new BootId(5, 2));
        }
        try (DataDirectory directory = open()) {
            assertEquals(Map.of(PEER, new BootId(5, 2)), directory.starts());
            assertTrue(startsOf(directory).whyNot(PEER, new BootId(4, 1)).isPresent());
        }
    }

    @Test
    void n3_anotherProcessWithThisNodesIdIsTurnedAway() {
        try (DataDirectory directory = open()) {
            PeerStarts starts = startsOf(directory);
            assertEquals(Optional.empty(), starts.whyNot(directory.nodeId(), directory.boot()), "it may call itself");

            assertTrue(starts.whyNot(
                            directory.nodeId(), new BootId(directory.boot().number(), 7))
                    .isPresent());
        }
    }

    @Test
    void n3_beingTurnedAwayIsToldOnce() {
        try (DataDirectory directory = open()) {
            PeerStarts starts = startsOf(directory);
            starts.turnedAwayBy(PEER, "first");
            starts.turnedAwayBy(PEER, "second");
        }
        assertEquals(List.of("first"), turnedAway);
    }
}
