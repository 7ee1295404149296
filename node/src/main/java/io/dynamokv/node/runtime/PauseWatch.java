package io.dynamokv.node.runtime;

/**
 * Notices that this process stood still (rule T2): 1. a repair lies in a socket here; 2. the process stands still; 3. meanwhile the value is deleted
 * elsewhere; 4. it goes on, proves that it holds nothing but the tombstone, and then reads the repair. So what came before is not read.
 */
public final class PauseWatch {
    private static final int PAUSE_MILLIS = 1000;

    private long tickedAtMillis;

    public PauseWatch(long nowMillis) {
        tickedAtMillis = nowMillis;
    }

    /**
     * To be called a few times a second.
     *
     * @return how long it stood still; 0 if it did not
     */
    public long tick(long nowMillis) {
        long gapMillis = nowMillis - tickedAtMillis;
        tickedAtMillis = nowMillis;
        return gapMillis > PAUSE_MILLIS ? gapMillis : 0;
    }
}
