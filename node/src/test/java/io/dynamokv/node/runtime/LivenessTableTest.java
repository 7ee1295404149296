package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.membership.PeerMonitor;
import io.dynamokv.core.reaping.ReapSettings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LivenessTableTest {
    private static final NodeId PEER = new NodeId(new UUID(1, 1));

    private final List<NodeId> down = new ArrayList<>();
    private final Ticking clock = new Ticking();
    private final LivenessTable table = new LivenessTable(new PeerMonitor.Settings(60_000, 120_000), down::add, clock);

    /** Each time that it is asked, a second has passed. */
    private static final class Ticking extends Clock {
        private long millis;

        @Override
        public Instant instant() {
            millis += 1000;
            return Instant.ofEpochMilli(millis);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void theWorseOfTheLinksAndOfGossipCounts() {
        table.watch(List.of(PEER));
        table.heard(PEER);

        table.gossiped(PEER, Liveness.SUSPECT, "test");
        assertEquals(Liveness.SUSPECT, table.of(PEER));
        table.refused(PEER);
        assertEquals(Liveness.DOWN, table.of(PEER));
        table.gossiped(PEER, Liveness.ALIVE, "test");
        assertEquals(Liveness.DOWN, table.of(PEER));
        table.heard(PEER);
        assertEquals(Liveness.ALIVE, table.of(PEER));
    }

    @Test
    void sinceWhenItIsSoChangesWithTheWorseOfTheTwoAlone() {
        table.watch(List.of(PEER));
        table.heard(PEER);
        assertEquals(2000, table.sinceMillis(PEER));

        table.gossiped(PEER, Liveness.DOWN, "test");
        table.refused(PEER);
        table.heard(PEER);

        assertEquals(3000, table.sinceMillis(PEER));
        assertEquals(0, table.sinceMillis(new NodeId(new UUID(9, 9))), "nobody watches it");
    }

    @Test
    void whatIsGossipedOfOneThatNobodyWatchesIsNothing() {
        table.gossiped(PEER, Liveness.ALIVE, "test");

        assertEquals(Liveness.DOWN, table.of(PEER));
    }

    @Test
    void aPeerThatNobodyWatchesIsDown() {
        assertEquals(Liveness.DOWN, table.of(PEER));
        table.heard(PEER);
        assertEquals(Liveness.DOWN, table.of(PEER));
    }

    @Test
    void aWatchedPeerIsSuspectUntilItIsHeard() {
        table.watch(List.of(PEER));
        assertEquals(Liveness.SUSPECT, table.of(PEER));

        table.heard(PEER);

        assertEquals(Liveness.ALIVE, table.of(PEER));
    }

    @Test
    void aRefusedPeerIsDownAtOnceAndThatIsToldOnce() {
        table.watch(List.of(PEER));
        table.refused(PEER);
        table.refused(PEER);
        table.tick();

        assertEquals(Liveness.DOWN, table.of(PEER));
        assertEquals(List.of(PEER), down);
    }

    @Test
    void watchingAgainForgetsNothing() {
        table.watch(List.of(PEER));
        table.heard(PEER);

        table.watch(List.of(PEER));

        assertEquals(Liveness.ALIVE, table.of(PEER));
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> new RuntimeSettings(100, 100, 1, 1, 1, 1, ReapSettings.DEFAULT));
        assertThrows(
                IllegalArgumentException.class, () -> new RuntimeSettings(0, 100, 1, 1, 1, 1, ReapSettings.DEFAULT));
        assertThrows(
                IllegalArgumentException.class, () -> new RuntimeSettings(1, 100, 0, 1, 1, 1, ReapSettings.DEFAULT));
        assertThrows(
                IllegalArgumentException.class, () -> new RuntimeSettings(1, 100, 1, 1, 1, 0, ReapSettings.DEFAULT));
        assertThrows(
                IllegalArgumentException.class, () -> new RuntimeSettings(1, 100, 1, 0, 1, 1, ReapSettings.DEFAULT));
    }
}
