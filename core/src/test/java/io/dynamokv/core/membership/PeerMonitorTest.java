package io.dynamokv.core.membership;

import static io.dynamokv.core.simulation.Samples.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Liveness from what is heard (SWIM 4.2, suspicion before failure; Lifeguard: a slow observer blames nobody). Times in milliseconds. */
class PeerMonitorTest {
    private static final PeerMonitor.Settings SETTINGS = new PeerMonitor.Settings(400, 1200);
    private static final NodeId A = node("a");
    private static final NodeId B = node("b");

    private final PeerMonitor monitor = new PeerMonitor(SETTINGS, 0);

    private List<PeerMonitor.Change> changes(NodeId peer, Liveness from, Liveness to) {
        return List.of(new PeerMonitor.Change(peer, from, to));
    }

    /** Ticks each 100 ms, as a node that is well does. */
    private List<PeerMonitor.Change> tickThrough(long fromMillis, long toMillis) {
        var changes = new ArrayList<PeerMonitor.Change>();
        for (long now = fromMillis; now <= toMillis; now += 100) {
            changes.addAll(monitor.tick(now));
        }
        return changes;
    }

    /** And is asked the next question at once. */
    private List<PeerMonitor.Change> heard(long nowMillis) {
        List<PeerMonitor.Change> changes = monitor.heard(A);
        monitor.asked(A, nowMillis);
        return changes;
    }

    @Test
    void aNewPeerIsSuspectAndOneThatNobodyAddedIsDown() {
        monitor.add(A, 0);

        assertEquals(Liveness.SUSPECT, monitor.liveness(A));
        assertEquals(Liveness.DOWN, monitor.liveness(B));
    }

    @Test
    void aStrangerIsNotWatched() {
        assertEquals(List.of(), monitor.heard(B));
        monitor.asked(B, 0);
        assertEquals(List.of(), monitor.refused(B));
        assertEquals(Liveness.DOWN, monitor.liveness(B));
    }

    @Test
    void addingAPeerAgainForgetsNothing() {
        monitor.add(A, 0);
        assertEquals(changes(A, Liveness.SUSPECT, Liveness.ALIVE), heard(0));

        monitor.add(A, 50);

        assertEquals(Liveness.ALIVE, monitor.liveness(A));
    }

    @Test
    void silenceMakesAPeerSuspectAndThenDown() {
        monitor.add(A, 0);
        assertEquals(changes(A, Liveness.SUSPECT, Liveness.ALIVE), heard(0));

        assertEquals(List.of(), tickThrough(100, 300));
        assertEquals(changes(A, Liveness.ALIVE, Liveness.SUSPECT), monitor.tick(400));
        assertEquals(List.of(), tickThrough(500, 1100), "each change is told once");
        assertEquals(changes(A, Liveness.SUSPECT, Liveness.DOWN), monitor.tick(1200));
        assertEquals(List.of(), tickThrough(1300, 3000));
    }

    @Test
    void whoIsNotAskedNeedNotAnswer() {
        monitor.add(A, 0);
        monitor.heard(A);

        assertEquals(List.of(), tickThrough(100, 60_000));
    }

    @Test
    void silenceBeginsWithTheFirstQuestionAndNotWithTheLast() {
        monitor.add(A, 0);
        monitor.heard(A);
        assertEquals(List.of(), tickThrough(100, 1000));
        monitor.asked(A, 1000);
        monitor.asked(A, 1300);

        assertEquals(List.of(), tickThrough(1100, 1300));
        assertEquals(changes(A, Liveness.ALIVE, Liveness.SUSPECT), monitor.tick(1400));
        assertEquals(changes(A, Liveness.SUSPECT, Liveness.DOWN), tickThrough(1500, 2200));
    }

    @Test
    void aPeerThatIsNeverHeardGoesDown() {
        monitor.add(A, 0);

        assertEquals(changes(A, Liveness.SUSPECT, Liveness.DOWN), tickThrough(100, 1200));
    }

    @Test
    void aRefusedPeerIsDownAtOnceAndStaysSoUntilItIsHeard() {
        monitor.add(A, 0);
        assertEquals(changes(A, Liveness.SUSPECT, Liveness.ALIVE), heard(0));

        assertEquals(changes(A, Liveness.ALIVE, Liveness.DOWN), monitor.refused(A));
        assertEquals(List.of(), monitor.refused(A));
        assertEquals(List.of(), tickThrough(100, 2000));
        assertEquals(changes(A, Liveness.DOWN, Liveness.ALIVE), heard(2000));
        assertEquals(List.of(), monitor.tick(2100));
    }

    @Test
    void whoeverIsHeardIsAliveAgain() {
        monitor.add(A, 0);
        assertEquals(changes(A, Liveness.SUSPECT, Liveness.DOWN), tickThrough(100, 1200));

        assertEquals(changes(A, Liveness.DOWN, Liveness.ALIVE), heard(1200));
        assertEquals(changes(A, Liveness.ALIVE, Liveness.SUSPECT), tickThrough(1300, 1600));
        assertEquals(changes(A, Liveness.SUSPECT, Liveness.ALIVE), heard(1650));
    }

    /** 1. The node stops for ten seconds. 2. Nothing was heard, for nobody listened: no peer is to blame. */
    @Test
    void fromItsOwnPauseANodeConcludesNothing() {
        monitor.add(A, 0);
        assertEquals(changes(A, Liveness.SUSPECT, Liveness.ALIVE), heard(0));
        assertEquals(List.of(), monitor.tick(100));

        assertEquals(List.of(), monitor.tick(10_100));

        assertEquals(Liveness.ALIVE, monitor.liveness(A));
    }

    @Test
    void theSilenceBeforeAPauseCountsAfterIt() {
        monitor.add(A, 0);
        assertEquals(changes(A, Liveness.SUSPECT, Liveness.ALIVE), heard(0));
        assertEquals(List.of(), tickThrough(100, 300));

        assertEquals(List.of(), monitor.tick(10_300));

        assertEquals(changes(A, Liveness.ALIVE, Liveness.SUSPECT), monitor.tick(10_400));
    }

    /**
     * 1. The node stops for a minute and wakes. 2. What waited in its sockets is read first: A is heard now. 3. The tick sees the pause. 4. A dies
     * at once. Were the pause forgiven to A as well, its silence would begin a minute from now.
     */
    @Test
    void aPeerHeardAfterThePauseAndBeforeTheTickIsNotForgivenThePause() {
        monitor.add(A, 0);
        assertEquals(changes(A, Liveness.SUSPECT, Liveness.ALIVE), heard(60_000));

        assertEquals(List.of(), tickThrough(60_000, 60_300));
        assertEquals(changes(A, Liveness.ALIVE, Liveness.SUSPECT), monitor.tick(60_400));
        assertEquals(changes(A, Liveness.SUSPECT, Liveness.DOWN), tickThrough(60_500, 61_200));
    }

    @Test
    void theLimitsMustRise() {
        assertThrows(IllegalArgumentException.class, () -> new PeerMonitor.Settings(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new PeerMonitor.Settings(400, 400));
    }

    @Test
    void aPeerHeardWithinTheLimitIsNeverDown() {
        SeededProperty.forSeeds(300, random -> {
            var monitor = new PeerMonitor(SETTINGS, 0);
            monitor.add(A, 0);
            long heardAtMillis = 0;
            long now = 0;
            for (int step = 0; step < 200; step++) {
                now += gapMillis(random);
                if (random.nextInt(3) == 0) {
                    monitor.heard(A);
                    monitor.asked(A, now);
                    heardAtMillis = now;
                }
                monitor.tick(now);
                if (now - heardAtMillis < SETTINGS.downAfterMillis()) {
                    assertTrue(monitor.liveness(A) != Liveness.DOWN, "heard at " + heardAtMillis + ", down at " + now);
                }
            }
        });
    }

    @Test
    void isAsTheTimeThatTheNodeListenedInVainSays() {
        SeededProperty.forSeeds(300, random -> {
            var monitor = new PeerMonitor(SETTINGS, 0);
            var model = new Listening();
            monitor.add(A, 0);
            for (int step = 0; step < 200; step++) {
                long gapMillis = gapMillis(random);
                boolean paused = gapMillis >= SETTINGS.suspectAfterMillis();
                long sinceMillis = random.nextLong(gapMillis + 1);
                switch (random.nextInt(6)) {
                    case 0 -> {
                        monitor.heard(A);
                        monitor.asked(A, model.nowMillis + gapMillis - sinceMillis);
                        model.heard(paused ? 0 : sinceMillis);
                    }
                    case 1 -> {
                        monitor.refused(A);
                        model.refused = true;
                        model.listened(paused ? 0 : gapMillis);
                    }
                    default -> model.listened(paused ? 0 : gapMillis);
                }
                model.nowMillis += gapMillis;

                monitor.tick(model.nowMillis);

                assertEquals(model.liveness(), monitor.liveness(A), "at " + model.nowMillis);
            }
        });
    }

    /** The naive model: how long the node, awake, has heard nothing of its peer. */
    private static final class Listening {
        private long nowMillis;
        private long silentMillis;
        private boolean everHeard;
        private boolean refused;

        void heard(long sinceMillis) {
            everHeard = true;
            refused = false;
            silentMillis = sinceMillis;
        }

        void listened(long millis) {
            silentMillis += millis;
        }

        Liveness liveness() {
            if (refused || silentMillis >= SETTINGS.downAfterMillis()) {
                return Liveness.DOWN;
            }
            return everHeard && silentMillis < SETTINGS.suspectAfterMillis() ? Liveness.ALIVE : Liveness.SUSPECT;
        }
    }

    /** The time between two ticks, now and then a pause of the node itself. */
    private static long gapMillis(RandomGenerator random) {
        return random.nextInt(8) == 0 ? 400 + random.nextInt(5000) : 50 + random.nextInt(150);
    }
}
