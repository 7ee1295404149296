package io.dynamokv.bench.run;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Operations that are due at a constant rate, whatever the store does. Latency counts from when one was due and not from when it was sent: a store that
 * stands still is asked nothing meanwhile, and would look quick (coordinated omission). What nobody has taken up waits, and is given up after a time.
 * Time is an input.
 */
final class Schedule {
    private final double nanosBetween;
    private final long startNanos;
    private final long patienceNanos;
    private final LongConsumer givenUp;
    private long taken;
    private boolean ended;
    private long endNanos;

    /** Of what has waited for longer than {@code patience}, {@code givenUp} is told when it was due. */
    Schedule(int perSecond, long startNanos, Duration patience, LongConsumer givenUp) {
        nanosBetween = TimeUnit.SECONDS.toNanos(1) / (double) perSecond;
        this.startNanos = startNanos;
        patienceNanos = patience.toNanos();
        this.givenUp = givenUp;
    }

    /** Takes up the operation that waits longest; gives when it was due. */
    OptionalLong take(long nowNanos) {
        if (!isDue(nowNanos)) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(dueNanos(taken++));
    }

    /** Whether an operation waits to be taken up. */
    boolean isDue(long nowNanos) {
        while (isDueAt(nowNanos - patienceNanos)) {
            givenUp.accept(dueNanos(taken++));
        }
        return isDueAt(nowNanos);
    }

    private boolean isDueAt(long nanos) {
        long due = dueNanos(taken);
        return due - nanos <= 0 && !(ended && due - endNanos >= 0);
    }

    /** From here on nothing more becomes due. */
    void end(long nowNanos) {
        ended = true;
        endNanos = nowNanos;
    }

    /** Whether nothing waits and nothing will. */
    boolean isOver(long nowNanos) {
        return ended && !isDue(nowNanos);
    }

    /** How long it is until another one is due; from any thread. */
    long nanosToNext(long nowNanos) {
        long passed = (long) ((nowNanos - startNanos) / nanosBetween);
        return dueNanos(passed + 1) - nowNanos;
    }

    private long dueNanos(long number) {
        return startNanos + (long) (number * nanosBetween);
    }
}
