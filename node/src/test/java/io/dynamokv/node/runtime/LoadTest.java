package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Dynamo 6.5: what can wait yields to clients. */
class LoadTest {
    private final Load load = new Load(1000, 350, 0);

    private void begin(int requests, int bytesOfEach) {
        for (int i = 0; i < requests; i++) {
            load.begin(bytesOfEach);
        }
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void manySmallRequestsKeepAShardBusyUntilTheyEnd() {
        begin(32, 1);
        assertFalse(load.isBusy());
        begin(1, 1);
        assertTrue(load.isBusy());
        load.end(1);
        assertFalse(load.isBusy());
    }

    @Test
    void fewLargeRequestsDoToo() {
        begin(1, 1000);
        assertFalse(load.isBusy());
        begin(1, 1);
        assertTrue(load.isBusy());
        load.end(1000);
        assertFalse(load.isBusy());
    }

    @Test
    void aShardThatIsLateForItsTicksIsBusyUntilOneIsInTime() {
        load.tick(millis(300), millis(250));
        assertFalse(load.isBusy());
        load.tick(millis(601), millis(550));
        assertTrue(load.isBusy());
        load.tick(millis(851), millis(851));
        assertFalse(load.isBusy());
    }

    private void end(int requests) {
        for (int i = 0; i < requests; i++) {
            load.end(0);
        }
    }

    /** 200 in 250 ms are 280 in 350 ms. */
    @Test
    void whatCanNotBeDoneInTimeIsNotAdmitted() {
        begin(500, 0);
        assertTrue(load.admits(), "nobody knows yet");
        load.tick(millis(250), millis(250));
        end(200);
        load.tick(millis(500), millis(500));

        assertFalse(load.admits());
        end(20);
        assertFalse(load.admits());
        end(1);
        assertTrue(load.admits());
        begin(1, 0);
        assertFalse(load.admits());
    }

    @Test
    void fewRequestsAreAlwaysAdmittedHoweverSlowTheyAre() {
        begin(8, 0);
        load.tick(millis(250), millis(250));
        load.tick(millis(500), millis(500));
        assertFalse(load.admits());

        end(1);

        assertTrue(load.admits());
    }

    /** It may have done nothing because there was nothing to do. */
    @Test
    void aBurstIsAdmittedByAShardThatHadTime() {
        begin(20, 0);
        end(20);
        load.tick(millis(250), millis(250));
        begin(500, 0);

        assertTrue(load.admits());
    }

    @Test
    void theBoundGoesWhenThereIsTimeAgain() {
        begin(100, 0);
        load.tick(millis(250), millis(250));
        load.tick(millis(500), millis(500));
        assertFalse(load.admits());

        end(100);
        load.tick(millis(750), millis(750));
        begin(500, 0);

        assertTrue(load.admits());
    }

    @Test
    void whatHasWaitedForHalfOfItsTimeIsNotWorthTheWork() {
        assertTrue(load.isWorthIt(millis(349)));
        assertFalse(load.isWorthIt(millis(350)));
    }

    @Test
    void workThatCanWaitHasItsTurnAtOnceWhileThereIsTime() {
        var turns = new Turns(load, 1000, 0);

        assertTrue(turns.take(0));
        assertTrue(turns.take(1));
    }

    @Test
    void clientsThatNeverRestDoNotStarveWorkThatCanWait() {
        var turns = new Turns(load, 1000, 0);
        begin(100, 1);

        assertFalse(turns.take(0));
        assertFalse(turns.take(millis(999)));
        assertTrue(turns.take(millis(1000)));
        assertFalse(turns.take(millis(1999)), "one step at a time");
        assertTrue(turns.take(millis(2000)));
    }
}
