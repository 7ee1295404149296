package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Dynamo 6.5: what can wait yields to clients. */
class LoadTest {
    private final Load load = new Load(1000);

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
        load.late(millis(50));
        assertFalse(load.isBusy());
        load.late(millis(51));
        assertTrue(load.isBusy());
        load.late(0);
        assertFalse(load.isBusy());
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
