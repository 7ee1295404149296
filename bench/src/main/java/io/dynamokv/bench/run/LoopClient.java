package io.dynamokv.bench.run;

import io.dynamokv.bench.client.Target;
import io.dynamokv.bench.workload.KeyChooser;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One client of the closed loop: it has one request under way, and asks the nodes in turn. No retries. */
final class LoopClient {
    private final Vertx vertx;
    private final MeasuredRun run;
    private final KeyAccess access;
    private final Targets targets;
    private final KeyChooser keys;
    private final KeyChooser keysToWrite;
    private final SplittableRandom random;
    private int turn;

    /** {@code number} tells it from the other clients. */
    LoopClient(Vertx vertx, MeasuredRun run, KeyAccess access, Targets targets, int number) {
        this.vertx = vertx;
        this.run = run;
        this.access = access;
        this.targets = targets;
        keys = run.keys();
        keysToWrite = run.keysToWrite(number);
        random = new SplittableRandom(number);
        turn = number;
    }

    void next() {
        if (run.isOver()) {
            run.left();
            return;
        }
        Optional<Target> target = targets.at(turn++, System.nanoTime());
        if (target.isEmpty()) {
            vertx.setTimer(Targets.AVOIDANCE.toMillis(), timer -> next());
        } else if (run.mix().reads(random.nextDouble())) {
            read(target.get());
        } else if (run.readsBeforeWrite()) {
            readThenWrite(target.get());
        } else {
            write(target.get(), keysToWrite.next(), null);
        }
    }

    private void read(Target target) {
        long started = System.nanoTime();
        access.read(target, keys.next(), outcome -> {
            count(Operation.READ, outcome.error(), started);
            next();
        });
    }

    private void readThenWrite(Target target) {
        long started = System.nanoTime();
        int key = keysToWrite.next();
        access.read(target, key, outcome -> {
            count(Operation.READ, outcome.error(), started);
            if (outcome.error().isPresent()) {
                next();
            } else {
                write(target, key, outcome.context());
            }
        });
    }

    private void write(Target target, int key, @Nullable String context) {
        long started = System.nanoTime();
        access.write(target, key, context, error -> {
            count(Operation.WRITE, error, started);
            next();
        });
    }

    private void count(Operation operation, Optional<String> error, long startedNanos) {
        if (error.isEmpty()) {
            run.recorder().success(operation, startedNanos, System.nanoTime());
        } else {
            run.recorder().error(operation, error.get());
        }
    }
}
