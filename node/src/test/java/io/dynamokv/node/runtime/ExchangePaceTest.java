package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Exchanges are limited, yield to clients (Dynamo 6.5), and are never stopped. Time is the test's. */
class ExchangePaceTest {
    private static final long BYTES_PER_SECOND = 64L << 20;
    private static final int PAGE_BYTES = 256 << 10;

    /** A clock that stands where the test or the next timer puts it. */
    private static final class Clock implements ExchangePace.Place {
        private record Timer(long dueNanos, Runnable task) {}

        private final List<Timer> timers = new ArrayList<>();
        private long nowNanos = Long.MAX_VALUE - 1;
        private long lateNanos;

        @Override
        public long nanoTime() {
            return nowNanos;
        }

        @Override
        public void later(int millis, Runnable task) {
            timers.add(new Timer(nowNanos + TimeUnit.MILLISECONDS.toNanos(millis), task));
        }

        private boolean goOn() {
            var next = timers.stream().min(Comparator.comparingLong(timer -> timer.dueNanos() - nowNanos));
            next.ifPresent(timer -> {
                timers.remove(timer);
                nowNanos = timer.dueNanos() + lateNanos;
                timer.task().run();
            });
            return next.isPresent();
        }
    }

    private final Clock clock = new Clock();
    private final Load load = new Load(1 << 20);
    private final ExchangePace pace = new ExchangePace(clock, load, BYTES_PER_SECOND);

    /** One page after the other, as an exchange that never ends would. */
    private long bytesMovedIn(int seconds, long pageBytes) {
        long beganNanos = clock.nowNanos;
        long before = pace.bytes();
        move(pageBytes, beganNanos, seconds);
        boolean moving = true;
        while (moving && clock.nowNanos - beganNanos < TimeUnit.SECONDS.toNanos(seconds)) {
            moving = clock.goOn();
        }
        return pace.bytes() - before;
    }

    private void move(long pageBytes, long beganNanos, int seconds) {
        pace.begin(() -> {
            pace.moved(pageBytes);
            if (clock.nowNanos - beganNanos < TimeUnit.SECONDS.toNanos(seconds)) {
                move(pageBytes, beganNanos, seconds);
            }
        });
    }

    private static void assertNearly(long expected, long actual) {
        assertTrue(
                actual > expected / 5 * 4 && actual < expected / 5 * 6,
                actual + " where " + expected + " was expected");
    }

    @Test
    void theLimitHoldsWhereNoClientIs() {
        assertNearly(10 * BYTES_PER_SECOND, bytesMovedIn(10, PAGE_BYTES));
    }

    @Test
    void whereClientsAreExchangesTakeAQuarterAndInSmallerPages() {
        int pageBytesMax = Math.toIntExact(pace.limits().messageBytesMax());
        load.begin(1);

        assertNearly(10 * BYTES_PER_SECOND / 4, bytesMovedIn(10, PAGE_BYTES));
        assertTrue(pace.limits().messageBytesMax() < pageBytesMax);
    }

    /** Between two requests a shard is without one for a while. */
    @Test
    void clientsAreThereForASecondAfterTheirLastRequest() {
        load.begin(1);
        bytesMovedIn(1, PAGE_BYTES);
        load.end(1);

        long soon = bytesMovedIn(1, PAGE_BYTES);
        long later = bytesMovedIn(10, PAGE_BYTES);

        assertNearly(BYTES_PER_SECOND / 4, soon);
        assertNearly(10 * BYTES_PER_SECOND, later);
    }

    @Test
    void whileClientsKeepTheShardBusyExchangesTakeASixteenth() {
        for (int i = 0; i < 100; i++) {
            load.begin(1);
        }

        assertNearly(10 * BYTES_PER_SECOND / 16, bytesMovedIn(10, PAGE_BYTES));
    }

    @Test
    void whileItsThreadHasToWaitAmongClientsExchangesTakeLessAndLessDownToASixtyFourth() {
        load.begin(1);
        clock.lateNanos = TimeUnit.MILLISECONDS.toNanos(6);

        long first = bytesMovedIn(1, 32 << 10);
        assertNearly(10 * BYTES_PER_SECOND / 64, bytesMovedIn(10, 32 << 10));
        assertTrue(first > BYTES_PER_SECOND / 64, first + " bytes in the first second");

        clock.lateNanos = TimeUnit.MILLISECONDS.toNanos(1);
        bytesMovedIn(10, 32 << 10);
        assertNearly(10 * BYTES_PER_SECOND / 4, bytesMovedIn(10, 32 << 10));
    }

    /** Nobody waits for it. */
    @Test
    void whoHasNoClientsMayBeLate() {
        clock.lateNanos = TimeUnit.MILLISECONDS.toNanos(6);

        assertTrue(bytesMovedIn(10, PAGE_BYTES) > 10 * BYTES_PER_SECOND / 64 * 16);
    }

    @Test
    void stepsBeginInTheOrderInWhichTheyCame() {
        List<Integer> begun = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            pace.begin(() -> {
                begun.add(number);
                pace.moved(8 << 20);
            });
        }
        boolean goesOn = true;
        while (goesOn) {
            goesOn = clock.goOn();
        }

        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), begun);
    }

    /** Rule T2: what came with it must not lie about; and clients that never rest do not stop exchanges. */
    @Test
    void t2_noStepWaitsLongerThanASecond() {
        long cameNanos = clock.nowNanos;
        for (int i = 0; i < 10; i++) {
            load.begin(1 << 20);
        }
        List<Long> begunNanos = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            pace.begin(() -> {
                begunNanos.add(clock.nowNanos - cameNanos);
                pace.moved(BYTES_PER_SECOND);
            });
        }
        boolean goesOn = true;
        while (goesOn) {
            goesOn = clock.goOn();
        }

        assertEquals(100, begunNanos.size());
        assertTrue(begunNanos.getLast() <= TimeUnit.MILLISECONDS.toNanos(1002), "after " + begunNanos.getLast());
    }
}
