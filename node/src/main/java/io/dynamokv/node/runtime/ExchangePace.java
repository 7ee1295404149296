package io.dynamokv.node.runtime;

import io.dynamokv.core.antientropy.ExchangeLimits;
import io.dynamokv.core.antientropy.TokenBucket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * How fast a shard's exchanges go on, those of its peers that ask it among them: bytes that are read and joined are taken from its share of the node's limit,
 * a part of it while there are clients, and a smaller one while they keep the shard busy or its thread has to wait for a processor (Dynamo 6.5). Steps begin in the order in which they came. None waits
 * longer than a second, for clients that never rest must not starve exchanges, and what a peer has sent must not lie about (rule T2). On the shard's event
 * loop alone, the count apart.
 */
final class ExchangePace {
    private static final ExchangeLimits ALONE = new ExchangeLimits(256 << 10, 4L << 20, 64, 3);
    /** A page is joined in one go, and whatever a client wants of the shard waits for its end. */
    private static final ExchangeLimits AMONG_CLIENTS = new ExchangeLimits(32 << 10, 512L << 10, 64, 2);

    private static final int PART_AMONG_CLIENTS = 4;
    private static final int PART_WHILE_BUSY = 16;
    private static final int PART_WHILE_LATE = 64;
    /** Of a timer. Clients' requests wait as long as this thread does, and on a machine with time left that is a millisecond or two. */
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    /** So often in time gains what was lost by being late, as a part of all. */
    private static final int GAINS = 64;

    /** Clients that were there a second ago are taken to come again. */
    private static final long CLIENTS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long WAIT_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(OnItsWay.TURN_MILLIS_MAX);
    /** What a step costs that moves nothing. */
    private static final int STEP_BYTES = 4 << 10;

    /** Where it lives, and what time it is there. */
    interface Place {
        long nanoTime();

        void later(int millis, Runnable task);
    }

    private static final Logger LOG = Logger.getLogger(ExchangePace.class);

    private record Step(Runnable action, long cameNanos) {}

    private final Place place;
    private final Load load;
    private final long bytesPerSecond;
    private final TokenBucket bucket;
    private final Deque<Step> waiting = new ArrayDeque<>();
    private final AtomicLong bytes = new AtomicLong();
    /** What clients leave: halved each time that this thread is late, and grown while it is not, as LEDBAT yields to other traffic (RFC 6817). */
    private long leftBytesPerSecond;

    private boolean amongClients;
    private long clientsSeenNanos;
    private boolean waking;

    /** @param bytesPerSecond this shard's share of the node's limit */
    ExchangePace(Place place, Load load, long bytesPerSecond) {
        this.place = place;
        this.load = load;
        this.bytesPerSecond = bytesPerSecond;
        leftBytesPerSecond = bytesPerSecond / PART_AMONG_CLIENTS;
        bucket = new TokenBucket(BURST_NANOS, place.nanoTime());
    }

    /** Runs it when its turn has come, perhaps at once. */
    void begin(Runnable step) {
        waiting.add(new Step(step, place.nanoTime()));
        beginThoseWhoseTurnItIs();
    }

    private void beginThoseWhoseTurnItIs() {
        while (!waiting.isEmpty()) {
            long nowNanos = place.nanoTime();
            long waitedNanos = nowNanos - waiting.getFirst().cameNanos();
            long waitNanos = Math.min(bucket.waitNanos(nowNanos), WAIT_NANOS_MAX - waitedNanos);
            if (waitNanos > 0) {
                wakeIn(waitNanos);
                return;
            }
            Step step = waiting.removeFirst();
            moved(STEP_BYTES);
            run(step);
        }
    }

    /** Those behind it wait a second at most, whatever becomes of it (rule T2). */
    private static void run(Step step) {
        try {
            step.action().run();
        } catch (RuntimeException e) {
            LOG.error("A step of an exchange failed by a defect of the node", e);
        }
    }

    private void wakeIn(long nanos) {
        if (!waking) {
            waking = true;
            int millis = (int) (TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
            long dueNanos = place.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            place.later(millis, () -> {
                waking = false;
                woke(place.nanoTime() - dueNanos);
                beginThoseWhoseTurnItIs();
            });
        }
    }

    private void woke(long lateNanos) {
        long most = bytesPerSecond / PART_AMONG_CLIENTS;
        leftBytesPerSecond = lateNanos > LATE_NANOS
                ? Math.max(bytesPerSecond / PART_WHILE_LATE, leftBytesPerSecond / 2)
                : Math.min(most, leftBytesPerSecond + most / GAINS);
    }

    /** So much was read or joined, which those who come next must wait for. */
    void moved(long moreBytes) {
        long nowNanos = place.nanoTime();
        bucket.take(moreBytes, limit(nowNanos), nowNanos);
        bytes.addAndGet(moreBytes);
    }

    private long limit(long nowNanos) {
        if (!isAmongClients(nowNanos)) {
            return bytesPerSecond;
        }
        long limit =
                load.isBusy() ? Math.min(bytesPerSecond / PART_WHILE_BUSY, leftBytesPerSecond) : leftBytesPerSecond;
        return Math.max(1, limit);
    }

    private boolean isAmongClients(long nowNanos) {
        if (load.isUsed()) {
            amongClients = true;
            clientsSeenNanos = nowNanos;
        } else if (nowNanos - clientsSeenNanos > CLIENTS_NANOS) {
            amongClients = false;
        }
        return amongClients;
    }

    /** How much a step takes at once. */
    ExchangeLimits limits() {
        return isAmongClients(place.nanoTime()) ? AMONG_CLIENTS : ALONE;
    }

    /** Read and joined since the start; from any thread. */
    long bytes() {
        return bytes.get();
    }
}
