package io.dynamokv.core.antientropy;

/**
 * How fast exchanges move bytes: a token bucket, kept as the time at which it is full again. What a step moves is known when it is over, so a bucket may be
 * overdrawn, and whoever comes next waits until that is made good. Never longer than a second: a limit slows exchanges down and stops none.
 */
public final class TokenBucket {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long WAIT_NANOS_MAX = SECOND_NANOS;

    private final long burstNanos;
    private long fullNanos;

    /** @param burstNanos for so long nothing moved may be made up for at once */
    public TokenBucket(long burstNanos, long nowNanos) {
        if (burstNanos < 0) {
            throw new IllegalArgumentException("a bucket holds what comes in 0 ns or more, not in " + burstNanos);
        }
        this.burstNanos = burstNanos;
        fullNanos = nowNanos;
    }

    /** @param bytesPerSecond as the limit is now: what was taken before is made good as fast as was the limit then */
    public void take(long bytes, long bytesPerSecond, long nowNanos) {
        if (bytes < 0 || bytesPerSecond < 1) {
            throw new IllegalArgumentException(bytes + " bytes cannot be taken at " + bytesPerSecond + " a second");
        }
        long from = fullNanos - nowNanos > 0 ? fullNanos : nowNanos;
        double costNanos = (double) bytes * SECOND_NANOS / bytesPerSecond;
        long latest = nowNanos + burstNanos + WAIT_NANOS_MAX;
        long full = from + (long) Math.min(costNanos, burstNanos + (double) WAIT_NANOS_MAX);
        fullNanos = full - latest > 0 ? latest : full;
    }

    /** How long until a step may be taken; 0 if it may be now. */
    public long waitNanos(long nowNanos) {
        return Math.clamp(fullNanos - burstNanos - nowNanos, 0, WAIT_NANOS_MAX);
    }
}
