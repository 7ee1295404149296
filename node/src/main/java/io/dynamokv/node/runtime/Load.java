package io.dynamokv.node.runtime;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a shard has to do for clients, those of other nodes among them, and whether that leaves room for work that can wait (Dynamo 6.5). A shard is busy
 * while many requests are under way on it, or large ones, or while it is late for its own ticks. It admits what it can be expected to do in time: a request
 * takes as long as those under way take to end (Little's law), and how quickly they do shows while there are enough of them all the time. From any thread,
 * but for the ticks.
 */
final class Load {
    /** Requests that wait for their disks and peers at a time, as they do at a shard that has time left. */
    private static final int REQUESTS_CALM_MAX = 32;
    /** Half of the time after which others ask elsewhere. */
    private static final long LATE_NANOS_CALM_MAX = TimeUnit.MILLISECONDS.toNanos(50);

    /** Fewer say nothing of what a shard can do, and are always admitted. */
    private static final int REQUESTS_TELLING_MIN = 8;

    private final long bytesCalmMax;
    private final long waitNanosMax;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    /** Since the last tick. */
    private final AtomicInteger fewest = new AtomicInteger();

    private final AtomicInteger ended = new AtomicInteger();
    private long tickedNanos;
    private volatile long lateNanos;
    private volatile long requestsMax = Long.MAX_VALUE;

    /**
     * @param bytesCalmMax what clients' requests hold at a shard that has time left
     * @param waitMillisMax what would take longer is not admitted
     */
    Load(long bytesCalmMax, int waitMillisMax, long nowNanos) {
        this.bytesCalmMax = bytesCalmMax;
        waitNanosMax = TimeUnit.MILLISECONDS.toNanos(waitMillisMax);
        tickedNanos = nowNanos;
    }

    /** @param held by the request, until it ends */
    void begin(long held) {
        requests.incrementAndGet();
        bytes.addAndGet(held);
    }

    void end(long held) {
        bytes.addAndGet(-held);
        int left = requests.decrementAndGet();
        fewest.accumulateAndGet(left, Math::min);
        ended.incrementAndGet();
    }

    /** @param dueNanos when the tick should have been: so late is whatever comes now */
    void tick(long nowNanos, long dueNanos) {
        lateNanos = nowNanos - dueNanos;
        long elapsedNanos = Math.max(1, nowNanos - tickedNanos);
        tickedNanos = nowNanos;
        int done = ended.getAndSet(0);
        boolean telling = fewest.getAndSet(requests.get()) >= REQUESTS_TELLING_MIN;
        requestsMax = telling
                ? Math.max(REQUESTS_TELLING_MIN, (long) ((double) done * waitNanosMax / elapsedNanos))
                : Long.MAX_VALUE;
    }

    boolean admits() {
        return requests.get() < requestsMax;
    }

    /** What nobody waits for any more, or hardly, is not worth the work. */
    boolean isWorthIt(long waitedNanos) {
        return waitedNanos < waitNanosMax;
    }

    boolean isIdle() {
        return requests.get() == 0;
    }

    boolean isBusy() {
        return requests.get() > REQUESTS_CALM_MAX || bytes.get() > bytesCalmMax || lateNanos > LATE_NANOS_CALM_MAX;
    }
}
