package io.dynamokv.bench.run;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.PrimitiveIterator;

/** Does something with each key, several at a time. Belongs to the event loop. */
final class KeySweep {
    /** One key's work; it ends with {@code then}, once and not before it has returned, or with {@link #fail}. */
    @FunctionalInterface
    interface Step {
        void start(int key, Runnable then);
    }

    private final PrimitiveIterator.OfInt keys;
    private final Step step;
    private final Promise<Void> promise = Promise.promise();
    private int lanes;
    private int done;

    KeySweep(PrimitiveIterator.OfInt keys, Step step) {
        this.keys = keys;
        this.step = step;
    }

    Future<Void> start(Vertx vertx, int width) {
        vertx.runOnContext(nothing -> {
            lanes = width;
            for (int lane = 0; lane < width; lane++) {
                next();
            }
        });
        return promise.future();
    }

    /** How many keys are finished. */
    int done() {
        return done;
    }

    void fail(BenchException why) {
        promise.tryFail(why);
    }

    private void next() {
        if (keys.hasNext() && !promise.future().isComplete()) {
            step.start(keys.nextInt(), () -> {
                done++;
                next();
            });
        } else if (--lanes == 0) {
            promise.tryComplete();
        }
    }
}
