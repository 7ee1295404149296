package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is admitted is bounded, in bytes and in number; what was refused leaves no trace; those that end too late make the next fewer. */
class UnderWayTest {
    private final UnderWay underWay = new UnderWay(1000, 3, 700, 0);

    @Test
    void bytesAreAdmittedUpToTheBoundAndAgainWhenThereIsRoom() {
        assertTrue(underWay.admit(600));
        assertFalse(underWay.admit(401));
        assertTrue(underWay.admit(400));
        assertEquals(1000, underWay.bytes());

        underWay.end(600, 0, 1);

        assertFalse(underWay.admit(601));
        assertTrue(underWay.admit(600));
    }

    @Test
    void requestsAreAdmittedUpToTheirNumberHoweverSmallTheyAre() {
        for (int i = 0; i < 3; i++) {
            assertTrue(underWay.admit(0));
        }
        assertFalse(underWay.admit(0));
        assertFalse(underWay.admit(0));
        assertTrue(underWay.isFull());

        underWay.end(0, 0, 1);
        assertFalse(underWay.isFull());

        assertTrue(underWay.admit(0));
        assertFalse(underWay.admit(0));
    }

    private final UnderWay many = new UnderWay(1000, 1000, 700, 0);

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private int admitted(UnderWay node) {
        int admitted = 0;
        while (node.admit(0)) {
            admitted++;
        }
        return admitted;
    }

    private void end(int requests, long startedMillis, long nowMillis) {
        for (int i = 0; i < requests; i++) {
            many.end(0, millis(startedMillis), millis(nowMillis));
        }
    }

    @Test
    void oneThatEndsTooLateLeavesHalfOfWhatIsDoneInTimeAndThoseBehindItSayNothingNew() {
        assertEquals(1000, admitted(many));
        end(200, 0, 600);

        end(400, 0, 700);

        assertEquals(0, admitted(many), "400 are under way, 100 may be");
        end(400, 0, 1399);
        assertEquals(100, admitted(many));
    }

    @Test
    void whatWasDoneInTimeLongAgoSaysNothing() {
        assertEquals(1000, admitted(many));
        end(200, 0, 600);

        end(800, 0, 2000);

        assertEquals(UnderWay.REQUESTS_ALWAYS, admitted(many));
    }

    @Test
    void whatWasDoneInTheWindowBeforeCountsAsWell() {
        assertEquals(1000, admitted(many));
        end(200, 0, 600);
        end(10, 600, 750);

        end(790, 0, 800);

        assertEquals(100, admitted(many));
    }

    @Test
    void whereNothingIsDoneInTimeAFewAreAdmitted() {
        end(admitted(many), 0, 700);

        assertEquals(UnderWay.REQUESTS_ALWAYS, admitted(many));
    }

    @Test
    void aFewThatEndTooLateSayNothingOfHowManyAreTooMany() {
        for (int i = 0; i < UnderWay.REQUESTS_ALWAYS; i++) {
            assertTrue(many.admit(0));
        }

        end(UnderWay.REQUESTS_ALWAYS, 0, 60_000);

        assertEquals(1000, admitted(many));
    }

    @Test
    void thoseThatEndInTimeMakeRoomAgain() {
        end(admitted(many), 0, 700);
        int few = admitted(many);

        end(few, 700, 701);

        assertEquals(few + few / UnderWay.STEPS, admitted(many));
    }

    @Test
    void theNumberNeverGrowsBeyondItsBound() {
        for (int i = 0; i < 20; i++) {
            end(admitted(many), 0, 1);
        }

        assertEquals(1000, admitted(many));
    }

    @Test
    void manyThreadsLeaveNothingBehind() throws InterruptedException {
        var above = new AtomicInteger();
        var under = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int request = 0; request < 20_000; request++) {
                    if (underWay.admit(7)) {
                        above.accumulateAndGet(under.incrementAndGet(), Math::max);
                        under.decrementAndGet();
                        underWay.end(7, 0, 1);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertTrue(above.get() <= 3, above::toString);
        assertEquals(0, underWay.bytes());
        assertTrue(underWay.admit(1000));
    }
}
