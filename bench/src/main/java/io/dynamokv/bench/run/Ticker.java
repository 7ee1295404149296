package io.dynamokv.bench.run;

import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls on the event loop whenever an operation is due. A thread of its own, for the loop's own timers count in milliseconds, and those would be part of
 * every latency.
 */
final class Ticker implements AutoCloseable {
    private static final long PAUSE_NANOS_MIN = 100_000;

    private final Schedule schedule;
    private final Vertx vertx;
    private final Runnable tick;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private volatile boolean closed;

    Ticker(Schedule schedule, Vertx vertx, Runnable tick) {
        this.schedule = schedule;
        this.vertx = vertx;
        this.tick = tick;
        Thread.ofPlatform().daemon().name("ticker").start(this::run);
    }

    private void run() {
        while (!closed) {
            if (underWay.compareAndSet(false, true)) {
                vertx.runOnContext(nothing -> {
                    underWay.set(false);
                    tick.run();
                });
            }
            LockSupport.parkNanos(Math.max(PAUSE_NANOS_MIN, schedule.nanosToNext(System.nanoTime())));
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
