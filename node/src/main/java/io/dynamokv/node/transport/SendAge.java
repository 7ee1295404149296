package io.dynamokv.node.transport;

/**
 * How long ago a link's messages were sent, though the clocks of the two ends have nothing in common: what a message took longer than the quickest one so
 * far, and in the beginning than if it had been sent at the earliest moment at which it can have been. Clocks do not run equally fast, so what counts as
 * quick may grow, but no faster than clocks drift: a queue that grows is no drift.
 */
final class SendAge {
    private static final long DRIFT_NANOS_PER_MILLI = 200;
    private static final long NANOS_PER_MILLI = 1_000_000;
    /** What a link was silent for longer is not taken for drift. */
    private static final long SILENCE_MILLIS_MAX = 60_000;

    private final long earliestMillis;
    private boolean hasBegun;
    private long quickestMillis;
    private long driftNanos;
    private long saidMillis;
    private long sentMillis;

    /** @param earliestMillis by this end's clock: the other one cannot have sent anything before */
    SendAge(long earliestMillis) {
        this.earliestMillis = earliestMillis;
    }

    /** @param sentMillis by the sender's clock: what follows was sent then */
    void says(long sentMillis, long nowMillis) {
        this.sentMillis = sentMillis;
        if (hasBegun) {
            driftNanos += Math.min(nowMillis - saidMillis, SILENCE_MILLIS_MAX) * DRIFT_NANOS_PER_MILLI;
            quickestMillis += driftNanos / NANOS_PER_MILLI;
            driftNanos %= NANOS_PER_MILLI;
        } else {
            hasBegun = true;
            quickestMillis = earliestMillis - sentMillis;
        }
        quickestMillis = Math.min(quickestMillis, nowMillis - sentMillis);
        saidMillis = nowMillis;
    }

    boolean hasBegun() {
        return hasBegun;
    }

    /** Of what is read now. */
    long millis(long nowMillis) {
        return nowMillis - sentMillis - quickestMillis;
    }
}
