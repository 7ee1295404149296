package io.dynamokv.bench.run;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.Queue;

/** Operations begin when the {@link Schedule} has them due, as long as a client is free. */
final class OpenLoop implements Pace {
    private final Schedule schedule;
    private final Ticker ticker;
    private final Queue<Runnable> free = new ArrayDeque<>();

    OpenLoop(Schedule schedule, Vertx vertx) {
        this.schedule = schedule;
        ticker = new Ticker(schedule, vertx, this::wake);
    }

    @Override
    public OptionalLong take(long nowNanos) {
        return schedule.take(nowNanos);
    }

    @Override
    public void await(Runnable next) {
        free.add(next);
    }

    private void wake() {
        while (!free.isEmpty() && schedule.isDue(System.nanoTime())) {
            free.remove().run();
        }
    }

    /** After it nobody is free: who finds nothing to take up leaves. */
    @Override
    public void end(long nowNanos) {
        ticker.close();
        schedule.end(nowNanos);
        while (!free.isEmpty()) {
            free.remove().run();
        }
    }

    @Override
    public boolean isOver(long nowNanos) {
        return schedule.isOver(nowNanos);
    }
}
