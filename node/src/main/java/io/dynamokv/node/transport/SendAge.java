package io.dynamokv.node.transport;

/**
 * How long ago a link's messages were sent, though the clocks of the two ends have nothing in common: what a message took longer than the quickest of the
 * last minutes, and in the beginning than if it had been sent at the earliest moment at which it can have been. Kept for minutes only, as clocks do not run
 * equally fast.
 */
final class SendAge {
    private static final long TURN_MILLIS = 60_000;

    private final long earliestMillis;
    private long least = Long.MAX_VALUE;
    private long leastBefore;
    private long turnedMillis;

    /** @param earliestMillis by this end's clock: the other one cannot have sent anything before */
    SendAge(long earliestMillis) {
        this.earliestMillis = earliestMillis;
    }

    /** @param sentMillis by the sender's clock */
    long millis(long sentMillis, long nowMillis) {
        long apart = nowMillis - sentMillis;
        if (least == Long.MAX_VALUE) {
            leastBefore = earliestMillis - sentMillis;
            turnedMillis = nowMillis;
        }
        least = Math.min(least, apart);
        long age = apart - Math.min(least, leastBefore);
        if (nowMillis - turnedMillis >= TURN_MILLIS) {
            leastBefore = least;
            least = apart;
            turnedMillis = nowMillis;
        }
        return age;
    }
}
