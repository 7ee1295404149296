package io.dynamokv.e2e.cluster;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions. */
public final class Await {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private Await() {}

    /** @param state is asked for the message if the time runs out */
    public static void until(String what, Duration atMost, BooleanSupplier condition, Supplier<?> state) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new FailedException(
                        "waited " + atMost.toSeconds() + " s in vain until " + what + "; now: " + state.get());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
