package io.dynamokv.local;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what will be, never for a fixed time. */
public final class Waiting {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Waiting() {}

    public static void until(String what, BooleanSupplier condition) {
        until(PATIENCE, what, condition);
    }

    public static void until(Duration patience, String what, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + patience + ": " + what);
            }
            LockSupport.parkNanos(10_000_000);
        }
    }
}
