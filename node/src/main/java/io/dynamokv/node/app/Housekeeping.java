package io.dynamokv.node.app;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What a node looks after by itself, all on one timer: each wake-up of a thread counts, for an idle node does nothing else. */
final class Housekeeping {
    private static final int TURN_MILLIS_MAX = 200;
    private static final int QUIET_TURN_MILLIS_MAX = 300;

    private static final class Chore {
        private final long everyNanos;
        private final Runnable work;
        private long dueNanos = System.nanoTime();

        private Chore(int everyMillis, Runnable work) {
            everyNanos = TimeUnit.MILLISECONDS.toNanos(everyMillis);
            this.work = work;
        }

        private void runIfDue(long nowNanos) {
            if (nowNanos - dueNanos >= 0) {
                dueNanos = nowNanos + everyNanos;
                work.run();
            }
        }
    }

    private final Vertx vertx;
    private final int turnMillis;
    private final int quietTurnMillis;
    private final List<Chore> chores = new CopyOnWriteArrayList<>();
    private volatile BooleanSupplier pulse = () -> false;

    /** @param suspectAfterMillis a gap as long as this counts as a pause of this node's own, from which nothing is concluded: a turn is shorter */
    Housekeeping(Vertx vertx, int suspectAfterMillis) {
        this.vertx = vertx;
        turnMillis = Math.clamp(suspectAfterMillis / 2, 1, TURN_MILLIS_MAX);
        quietTurnMillis = Math.clamp(suspectAfterMillis * 3 / 4, 1, QUIET_TURN_MILLIS_MAX);
    }

    /** About so often, and at the next turn. From any thread, as {@link #eachTurn}. */
    void each(int millis, Runnable work) {
        chores.add(new Chore(millis, work));
    }

    /** @param work says whether the next turn is to come soon */
    void eachTurn(BooleanSupplier work) {
        pulse = work;
    }

    /** Until Vert.x ends. */
    void begin() {
        turnIn(quietTurnMillis);
    }

    private void turnIn(int millis) {
        vertx.setTimer(millis, timer -> {
            boolean soon = true;
            try {
                soon = pulse.getAsBoolean();
                long nowNanos = System.nanoTime();
                chores.forEach(chore -> chore.runIfDue(nowNanos));
            } finally {
                turnIn(soon ? turnMillis : quietTurnMillis);
            }
        });
    }
}
