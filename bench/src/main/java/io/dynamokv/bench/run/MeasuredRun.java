package io.dynamokv.bench.run;

import io.dynamokv.bench.options.Options;
import io.dynamokv.bench.process.ProcessMeter;
import io.dynamokv.bench.report.Cost;
import io.dynamokv.bench.report.Rate;
import io.dynamokv.bench.report.RunResult;
import io.dynamokv.bench.workload.KeyChooser;
import io.dynamokv.bench.workload.Mix;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One mix with one number of clients: warm-up, then the measured window. Belongs to the event loop. */
final class MeasuredRun {
    private static final long BYTES_PER_KIBIBYTE = 1_024;

    /** For an operation that is due to be sent: as long as the answer to one that was sent is waited for. */
    private static final Duration PATIENCE_MAX = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Options options;
    private final Mix mix;
    private final int clients;
    private final List<Long> pids;
    private final Recorder recorder;
    private final Pace pace;
    private final Promise<RunResult> promise = Promise.promise();
    private final KeyChooser keys;
    private int running;
    private OptionalLong nodeMicros = OptionalLong.empty();
    private OptionalLong generatorMicros = OptionalLong.empty();
    private @Nullable Cost cost;

    MeasuredRun(Vertx vertx, Options options, Mix mix, int clients, List<Long> pids) {
        this.vertx = vertx;
        this.options = options;
        this.mix = mix;
        this.clients = clients;
        this.pids = List.copyOf(pids);
        keys = options.distribution().over(options.keys());
        OptionalInt rate = options.rate();
        recorder = new Recorder(rate.isPresent() ? Window.BY_DUE : Window.BY_END);
        pace = rate.isPresent() ? openLoop(rate.getAsInt()) : new ClosedLoop();
    }

    private OpenLoop openLoop(int perSecond) {
        Duration patience = Collections.min(List.of(PATIENCE_MAX, options.measured()));
        return new OpenLoop(new Schedule(perSecond, System.nanoTime(), patience, recorder::notSent), vertx);
    }

    /** Runs, with {@code inTheMiddle} at half of the measured time. */
    Future<RunResult> start(KeyAccess access, Targets targets, Runnable inTheMiddle) {
        vertx.runOnContext(nothing -> {
            running = clients;
            for (int number = 0; number < clients; number++) {
                new LoopClient(vertx, this, access, targets, number).next();
            }
            after(options.warmup(), this::open);
            after(options.warmup().plus(options.measured().dividedBy(2)), inTheMiddle);
        });
        return promise.future();
    }

    private void after(Duration delay, Runnable action) {
        vertx.setTimer(Math.max(1, delay.toMillis()), timer -> action.run());
    }

    private void open() {
        nodeMicros = ProcessMeter.cpuMicros(pids);
        generatorMicros = ProcessMeter.cpuMicros(ProcessHandle.current().pid());
        recorder.open(System.nanoTime());
        after(options.measured(), this::close);
    }

    private void close() {
        long now = System.nanoTime();
        recorder.close(now);
        cost = new Cost(
                perOperation(nodeMicros, ProcessMeter.cpuMicros(pids)),
                perOperation(
                        generatorMicros,
                        ProcessMeter.cpuMicros(ProcessHandle.current().pid())),
                pids.stream()
                        .map(ProcessMeter::residentKilobytes)
                        .flatMapToLong(OptionalLong::stream)
                        .map(kibibytes -> kibibytes / BYTES_PER_KIBIBYTE)
                        .boxed()
                        .toList());
        pace.end(now);
    }

    private @Nullable Double perOperation(OptionalLong before, OptionalLong after) {
        long operations = recorder.ended();
        if (before.isEmpty() || after.isEmpty() || operations == 0) {
            return null;
        }
        return (after.getAsLong() - before.getAsLong()) / (double) operations;
    }

    /** A client has seen that the run is over. */
    void left() {
        running--;
        if (running == 0 && cost != null) {
            promise.complete(new RunResult(
                    mix.name(),
                    clients,
                    rate(),
                    recorder.seconds(),
                    recorder.ended() / recorder.seconds(),
                    recorder.latencies(Operation.READ),
                    recorder.latencies(Operation.WRITE),
                    recorder.errors(),
                    recorder.longestGapMillis(),
                    cost,
                    null));
        }
    }

    private @Nullable Rate rate() {
        return options.rate().isEmpty()
                ? null
                : new Rate(options.rate().getAsInt(), recorder.ended() / recorder.seconds(), recorder.notSent());
    }

    Pace pace() {
        return pace;
    }

    Mix mix() {
        return mix;
    }

    boolean readsBeforeWrite() {
        return options.siblings();
    }

    Recorder recorder() {
        return recorder;
    }

    KeyChooser keys() {
        return keys;
    }

    /**
     * Reading back can only decide about keys whose writes follow each other, so with a kill each client has keys of its own;
     * the hottest key is then one per client.
     */
    KeyChooser keysToWrite(int client) {
        return options.kill() ? () -> ownKey(keys.next(), client, clients, options.keys()) : keys;
    }

    static int ownKey(int key, int client, int clients, int keys) {
        int own = key - key % clients + client;
        return own < keys ? own : own - clients;
    }

    String progress(double seconds) {
        return String.format(
                Locale.ROOT,
                "%s: %.0f of %d s, %d operations, %d errors",
                RunResult.name(mix.name(), clients, options.rate()),
                seconds,
                options.warmup().plus(options.measured()).toSeconds(),
                recorder.successes(),
                recorder.failures());
    }
}
