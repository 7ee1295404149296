package io.dynamokv.node.runtime;

import java.util.concurrent.TimeUnit;

/**
 * When work that can wait takes its next step: at once while the shard is not busy, and every few seconds though it is, for clients that never
 * rest must not starve it. On the shard's event loop alone.
 */
final class Turns {
    private final Load load;
    private final long patienceNanos;
    private long takenNanos;

    /** @param patienceMillis the longest wait for a turn */
    Turns(Load load, int patienceMillis, long nowNanos) {
        this.load = load;
        patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        takenNanos = nowNanos;
    }

    /** @return whether the step may be taken now; it counts as taken */
    boolean take(long nowNanos) {
        if (load.isBusy() && nowNanos - takenNanos < patienceNanos) {
            return false;
        }
        takenNanos = nowNanos;
        return true;
    }
}
