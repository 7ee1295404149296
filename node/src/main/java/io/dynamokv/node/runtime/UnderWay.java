package io.dynamokv.node.runtime;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What clients have under way at a node, those whose requests other nodes forward among them, and how much that may be: so many bytes, for memory is bounded,
 * and so many requests. How many of those a node can do in time nobody knows beforehand, so a request that ended too late halves their number, once while
 * requests may take that long, and those that end in time raise it again (Chiu and Jain, additive increase, multiplicative decrease). A few are always
 * admitted, however slow the node, its disk or its peers may be. From any thread.
 */
final class UnderWay {
    /** So many a node has under way that has time left; at a few milliseconds each they are thousands in a second. */
    static final int REQUESTS_ALWAYS = 32;
    /** Steps from one request to the next: so many that end in time make room for one more. */
    static final int STEPS = 8;

    private final long bytesMax;
    private final long stepsMax;
    private final long lateNanos;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong steps;
    private final AtomicLong halvedNanos;

    /** @param lateMillis what took so long is too late */
    UnderWay(long bytesMax, int requestsMax, int lateMillis, long nowNanos) {
        this.bytesMax = bytesMax;
        stepsMax = (long) requestsMax * STEPS;
        lateNanos = TimeUnit.MILLISECONDS.toNanos(lateMillis);
        steps = new AtomicLong(stepsMax);
        halvedNanos = new AtomicLong(nowNanos - lateNanos);
    }

    /** @return whether there was room; then the request is counted until it ends */
    boolean admit(int held) {
        int now = requests.incrementAndGet();
        if (bytes.addAndGet(held) <= bytesMax && (long) now * STEPS <= steps.get()) {
            return true;
        }
        leave(held);
        return false;
    }

    boolean isFull() {
        return (requests.get() + 1L) * STEPS > steps.get();
    }

    void end(int held, long startedNanos, long nowNanos) {
        if (isLate(startedNanos, nowNanos)) {
            halve(nowNanos);
        } else {
            steps.accumulateAndGet(stepsMax, (before, max) -> Math.min(before + 1, max));
        }
        leave(held);
    }

    boolean isLate(long startedNanos, long nowNanos) {
        return nowNanos - startedNanos >= lateNanos;
    }

    /** Those that were admitted before will be late as well, and say nothing new. Where few are under way, they are late for another reason. */
    private void halve(long nowNanos) {
        int now = requests.get();
        long before = halvedNanos.get();
        if (now > REQUESTS_ALWAYS && nowNanos - before >= lateNanos && halvedNanos.compareAndSet(before, nowNanos)) {
            steps.accumulateAndGet((long) Math.max(now / 2, REQUESTS_ALWAYS) * STEPS, Math::min);
        }
    }

    private void leave(int held) {
        bytes.addAndGet(-held);
        requests.decrementAndGet();
    }

    long bytes() {
        return bytes.get();
    }

    int requests() {
        return requests.get();
    }

    /** So many are admitted now. */
    long requestsMax() {
        return steps.get() / STEPS;
    }
}
