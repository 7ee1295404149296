package io.dynamokv.node.runtime;

import io.dynamokv.core.coordinator.Timer;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The timers of a shard's requests. All timers of a kind are equally long, so they fire in the order in which they were started, and a queue
 * serves where a heap would cost a logarithm on every request. On the shard's event loop alone.
 */
final class RequestTimers {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private record Started(long atNanos, RunningRequest request) {}

    private final EventLoop loop;
    private final Map<Timer, ArrayDeque<Started>> queues = new EnumMap<>(Timer.class);
    private final Map<Timer, Long> lengthNanos = new EnumMap<>(Timer.class);
    private boolean ticking;

    RequestTimers(EventLoop loop, RuntimeSettings settings) {
        this.loop = loop;
        lengthNanos.put(Timer.HEDGE, TimeUnit.MILLISECONDS.toNanos(settings.hedgeMillis()));
        lengthNanos.put(Timer.DEADLINE, TimeUnit.MILLISECONDS.toNanos(settings.requestMillis()));
        for (Timer timer : Timer.values()) {
            queues.put(timer, new ArrayDeque<>());
        }
    }

    void start(Timer timer, RunningRequest request) {
        long atNanos = System.nanoTime() + lengthNanos.getOrDefault(timer, 0L);
        queue(timer).add(new Started(atNanos, request));
        tickLater();
    }

    private ArrayDeque<Started> queue(Timer timer) {
        ArrayDeque<Started> queue = queues.get(timer);
        if (queue == null) {
            throw new IllegalStateException("no queue for " + timer);
        }
        return queue;
    }

    private void tickLater() {
        if (!ticking) {
            ticking = true;
            var _ = loop.schedule(this::tick, TICK_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private void tick() {
        ticking = false;
        long nowNanos = System.nanoTime();
        boolean more = false;
        for (Timer timer : Timer.values()) {
            ArrayDeque<Started> queue = queue(timer);
            while (!queue.isEmpty() && isOver(queue.getFirst(), nowNanos)) {
                queue.removeFirst().request().timedOut(timer);
            }
            more |= !queue.isEmpty();
        }
        if (more) {
            tickLater();
        }
    }

    private static boolean isOver(Started started, long nowNanos) {
        return started.request().isDone() || started.atNanos() - nowNanos <= 0;
    }
}
