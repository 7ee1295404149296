package io.dynamokv.node.runtime;

import java.util.concurrent.TimeUnit;

/** The largest of what was seen within the last minute or two: a figure that falls again when what raised it is over. Seen by one thread, told to all. */
final class RecentMax {
    private static final long SPAN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private long beganNanos;
    private volatile long before;
    private volatile long now;

    RecentMax(long nowNanos) {
        beganNanos = nowNanos;
    }

    void saw(long value) {
        if (value > now) {
            now = value;
        }
    }

    /** To be called now and then. */
    void tick(long nowNanos) {
        if (nowNanos - beganNanos >= SPAN_NANOS) {
            beganNanos = nowNanos;
            before = now;
            now = 0;
        }
    }

    /** From any thread. */
    long value() {
        return Math.max(before, now);
    }
}
