package io.dynamokv.node.runtime;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a shard has to do for clients, those of other nodes among them, and whether that leaves room for work that can wait (Dynamo 6.5). A shard is busy
 * while many requests are under way on it, or large ones, or while it is late for its own ticks. From any thread.
 */
final class Load {
    /** Requests that wait for their disks and peers at a time, as they do at a shard that has time left. */
    private static final int REQUESTS_CALM_MAX = 32;
    /** Half of the time after which others ask elsewhere. */
    private static final long LATE_NANOS_CALM_MAX = TimeUnit.MILLISECONDS.toNanos(50);

    private final long bytesCalmMax;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private volatile long lateNanos;

    /** @param bytesCalmMax what clients' requests hold at a shard that has time left */
    Load(long bytesCalmMax) {
        this.bytesCalmMax = bytesCalmMax;
    }

    /** @param held by the request, until it ends */
    void begin(long held) {
        requests.incrementAndGet();
        bytes.addAndGet(held);
    }

    void end(long held) {
        bytes.addAndGet(-held);
        requests.decrementAndGet();
    }

    /** How late the shard was for its last tick: so long waits whatever comes now. */
    void late(long nanos) {
        lateNanos = nanos;
    }

    long lateMillis() {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(lateNanos));
    }

    /** A client waits for it, or another node for a client. */
    boolean isUsed() {
        return requests.get() > 0;
    }

    boolean isBusy() {
        return requests.get() > REQUESTS_CALM_MAX || bytes.get() > bytesCalmMax || lateNanos > LATE_NANOS_CALM_MAX;
    }
}
