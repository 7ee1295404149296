package io.dynamokv.bench.run;

import io.dynamokv.bench.client.Target;
import io.dynamokv.bench.workload.KeyChooser;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One client: it has one request under way at most, begins the next at the run's {@link Pace}, and asks the nodes in turn. No retries. */
final class LoopClient {
    private final Vertx vertx;
    private final MeasuredRun run;
    private final Pace pace;
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
        pace = run.pace();
        this.access = access;
        this.targets = targets;
        keys = run.keys();
        keysToWrite = run.keysToWrite(number);
        random = new SplittableRandom(number);
        turn = number;
    }

    void next() {
        long now = System.nanoTime();
        if (pace.isOver(now)) {
            run.left();
            return;
        }
        Optional<Target> target = targets.at(turn, now);
        if (target.isEmpty()) {
            turn++;
            vertx.setTimer(Targets.AVOIDANCE.toMillis(), timer -> next());
            return;
        }
        OptionalLong due = pace.take(now);
        if (due.isEmpty()) {
            pace.await(this::next);
        } else {
            turn++;
            begin(target.get(), due.getAsLong());
        }
    }

    private void begin(Target target, long dueNanos) {
        if (run.mix().reads(random.nextDouble())) {
            read(target, dueNanos);
        } else if (run.readsBeforeWrite()) {
            readThenWrite(target, dueNanos);
        } else {
            write(target, keysToWrite.next(), null, dueNanos);
        }
    }

    private void read(Target target, long dueNanos) {
        access.read(target, keys.next(), outcome -> {
            count(Operation.READ, outcome.error(), dueNanos);
            next();
        });
    }

    private void readThenWrite(Target target, long dueNanos) {
        int key = keysToWrite.next();
        access.read(target, key, outcome -> {
            count(Operation.READ, outcome.error(), dueNanos);
            if (outcome.error().isPresent()) {
                next();
            } else {
                write(target, key, outcome.context(), System.nanoTime());
            }
        });
    }

    private void write(Target target, int key, @Nullable String context, long dueNanos) {
        access.write(target, key, context, error -> {
            count(Operation.WRITE, error, dueNanos);
            next();
        });
    }

    private void count(Operation operation, Optional<String> error, long dueNanos) {
        if (error.isEmpty()) {
            run.recorder().success(operation, dueNanos, System.nanoTime());
        } else {
            run.recorder().error(operation, error.get(), dueNanos);
        }
    }
}
