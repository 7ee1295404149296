package io.dynamokv.node.runtime;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What clients have under way at a node, those whose requests other nodes forward among them, and how much that may be: so many bytes, for memory is bounded,
 * and so many requests. How many of those a node can do in time nobody knows beforehand. By Little's law it can hold as many as it does in the time that one
 * may take; so when one has ended too late there may be half as many as were done in time within that time, and each that ends in time raises their number
 * again, a little. A few are always admitted, however slow the node, its disk or its peers may be. From any thread.
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
    private final AtomicLong lessenedNanos;
    private final AtomicInteger inTime = new AtomicInteger();
    private final AtomicLong inTimeSinceNanos;
    private volatile int inTimeBefore;

    /** @param lateMillis what took so long is too late */
    UnderWay(long bytesMax, int requestsMax, int lateMillis, long nowNanos) {
        this.bytesMax = bytesMax;
        stepsMax = (long) requestsMax * STEPS;
        lateNanos = TimeUnit.MILLISECONDS.toNanos(lateMillis);
        steps = new AtomicLong(stepsMax);
        lessenedNanos = new AtomicLong(nowNanos - lateNanos);
        inTimeSinceNanos = new AtomicLong(nowNanos);
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
        turnWindow(nowNanos);
        if (isLate(startedNanos, nowNanos)) {
            lessen(nowNanos);
        } else {
            inTime.incrementAndGet();
            steps.accumulateAndGet(stepsMax, (before, max) -> Math.min(before + 1, max));
        }
        leave(held);
    }

    boolean isLate(long startedNanos, long nowNanos) {
        return nowNanos - startedNanos >= lateNanos;
    }

    /** Those that were admitted before will be late as well, and say nothing new. Where few are under way, they are late for another reason. */
    private void lessen(long nowNanos) {
        long before = lessenedNanos.get();
        if (requests.get() > REQUESTS_ALWAYS
                && nowNanos - before >= lateNanos
                && lessenedNanos.compareAndSet(before, nowNanos)) {
            int doable = Math.max(inTime.get(), inTimeBefore) / 2;
            steps.accumulateAndGet((long) Math.max(doable, REQUESTS_ALWAYS) * STEPS, Math::min);
        }
    }

    /** What ended in time is counted in windows as long as a request may take; one in which nothing ended for a while was long ago. */
    private void turnWindow(long nowNanos) {
        long since = inTimeSinceNanos.get();
        long elapsed = nowNanos - since;
        if (elapsed >= lateNanos && inTimeSinceNanos.compareAndSet(since, nowNanos)) {
            int counted = inTime.getAndSet(0);
            inTimeBefore = elapsed < 2 * lateNanos ? counted : 0;
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
