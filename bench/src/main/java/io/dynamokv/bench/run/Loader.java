package io.dynamokv.bench.run;

import io.dynamokv.bench.client.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes every key once before anything is measured. Unlike the measured loop it tries again: a key that is missing would spoil
 * the figures.
 */
final class Loader {
    static final int WIDTH = 64;
    private static final int ATTEMPTS_MAX = 10;
    private static final long PAUSE_MILLIS = 200;

    private final Vertx vertx;
    private final KeyAccess access;
    private final Targets targets;
    private final boolean siblings;
    private final int keys;
    private final KeySweep sweep;

    Loader(Vertx vertx, KeyAccess access, Targets targets, int keys, boolean siblings) {
        this.vertx = vertx;
        this.access = access;
        this.targets = targets;
        this.keys = keys;
        this.siblings = siblings;
        sweep = new KeySweep(IntStream.range(0, keys).iterator(), (key, then) -> attempt(key, 1, then));
    }

    Future<Void> start() {
        return sweep.start(vertx, WIDTH);
    }

    String progress() {
        return "loading: " + sweep.done() + " of " + keys + " keys";
    }

    private void attempt(int key, int number, Runnable then) {
        Optional<Target> target = targets.at(key + number, System.nanoTime());
        if (target.isEmpty()) {
            again(key, number, "no connection to any node", then);
        } else if (siblings) {
            replace(target.get(), key, number, then);
        } else {
            write(target.get(), key, number, null, then);
        }
    }

    private void replace(Target target, int key, int number, Runnable then) {
        access.read(target, key, outcome -> {
            Optional<String> error = outcome.error().filter(kind -> !kind.equals(KeyAccess.NOT_FOUND));
            if (error.isPresent() && outcome.context() == null) {
                again(key, number, target + " answered a read with " + error.get(), then);
            } else {
                write(target, key, number, outcome.context(), then);
            }
        });
    }

    private void write(Target target, int key, int number, @Nullable String context, Runnable then) {
        access.write(target, key, context, error -> {
            if (error.isPresent()) {
                again(key, number, target + " answered a write with " + error.get(), then);
            } else {
                then.run();
            }
        });
    }

    private void again(int key, int number, String why, Runnable then) {
        if (number == ATTEMPTS_MAX) {
            sweep.fail(new BenchException("The keys could not be loaded: " + why + ", " + number + " times"));
        } else {
            vertx.setTimer(PAUSE_MILLIS, timer -> attempt(key, number + 1, then));
        }
    }
}
