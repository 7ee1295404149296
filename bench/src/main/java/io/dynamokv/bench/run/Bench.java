package io.dynamokv.bench.run;

import io.dynamokv.bench.client.StoreClient;
import io.dynamokv.bench.client.Target;
import io.dynamokv.bench.options.Options;
import io.dynamokv.bench.process.DemoFile;
import io.dynamokv.bench.process.NodeProcess;
import io.dynamokv.bench.report.BenchReport;
import io.dynamokv.bench.report.KillOutcome;
import io.dynamokv.bench.report.Progress;
import io.dynamokv.bench.report.RunResult;
import io.dynamokv.bench.workload.Mix;
import io.dynamokv.bench.workload.ValueFormat;
import io.dynamokv.bench.workload.WriteLedger;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A whole benchmark: load, then each mix with each number of clients. The calling thread waits; all the work is done on one event
 * loop, which is enough to keep several nodes busy and leaves them the machine.
 */
public final class Bench implements AutoCloseable {
    private final Options options;
    private final Optional<DemoFile> demo;
    private final Progress progress;
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private final Targets targets;
    private final WriteLedger ledger;
    private final KeyAccess access;

    public Bench(Options options, Progress progress) throws IOException {
        this.options = options;
        this.progress = progress;
        demo = options.demo().map(DemoFile::new);
        targets = new Targets(addresses());
        ledger = new WriteLedger(options.keys());
        var client = new StoreClient(vertx, options.bucket(), options.clientsMax() + Loader.WIDTH);
        var values = new ValueFormat(ThreadLocalRandom.current().nextInt(), options.valueBytes());
        access = new KeyAccess(client, targets, values, ledger);
    }

    private List<Target> addresses() throws IOException {
        if (demo.isEmpty()) {
            return options.targets();
        }
        return demo.get().nodes().stream()
                .map(node -> Target.parse(node.http()))
                .toList();
    }

    public BenchReport run() throws IOException, InterruptedException, BenchException {
        if (options.load()) {
            load();
        }
        var runs = new ArrayList<RunResult>();
        for (Mix mix : options.mixes()) {
            for (int clients : options.clients()) {
                runs.add(options.kill() ? runWithKill(mix, clients) : run(mix, clients, () -> {}));
            }
        }
        var settings = new BenchReport.Settings(
                targets.all().stream().map(Target::toString).toList(),
                options.bucket(),
                options.siblings(),
                options.keys(),
                options.valueBytes(),
                options.distribution().name().toLowerCase(Locale.ROOT));
        return new BenchReport(settings, runs);
    }

    private void load() throws InterruptedException, BenchException {
        var loader = new Loader(vertx, access, targets, options.keys(), options.siblings());
        long started = System.nanoTime();
        await(loader.start(), loader::progress);
        double seconds = secondsSince(started);
        progress.tell(String.format(
                Locale.ROOT,
                "%d keys loaded in %.1f s, %.0f per second",
                options.keys(),
                seconds,
                options.keys() / seconds));
    }

    private RunResult run(Mix mix, int clients, Runnable inTheMiddle)
            throws IOException, InterruptedException, BenchException {
        var run = new MeasuredRun(vertx, options, mix, clients, pids());
        long started = System.nanoTime();
        RunResult result = await(run.start(access, targets, inTheMiddle), () -> run.progress(secondsSince(started)));
        progress.tell(String.format(
                Locale.ROOT,
                "%s: %.0f operations per second, %d errors",
                result.name(),
                result.operationsPerSecond(),
                result.errorCount()));
        return result;
    }

    private RunResult runWithKill(Mix mix, int clients) throws IOException, InterruptedException, BenchException {
        DemoFile file = demo.orElseThrow();
        String victim = file.nodes().getLast().name();
        var kill = new FutureTask<>(new NodeKill(file, victim, options.bucket()));
        RunResult result = run(mix, clients, () -> Thread.ofVirtual().start(kill));
        progress.tell(victim + " was killed in the middle; waiting until it serves");
        double unavailableSeconds = await(kill);
        var readBack = new ReadBack(vertx, access, targets.all(), ledger);
        KillOutcome outcome = await(readBack.start(victim, unavailableSeconds), readBack::progress);
        return result.with(outcome);
    }

    private List<Long> pids() throws IOException {
        return demo.isEmpty()
                ? options.pids()
                : demo.get().nodes().stream().map(NodeProcess::pid).toList();
    }

    private <T> T await(Future<T> future, Supplier<String> line) throws InterruptedException, BenchException {
        long interval = progress.interval().toMillis();
        long timer = vertx.setPeriodic(interval, id -> progress.show(line.get()));
        try {
            return await(future.toCompletionStage().toCompletableFuture());
        } finally {
            vertx.cancelTimer(timer);
        }
    }

    private static <T> T await(java.util.concurrent.Future<T> future) throws InterruptedException, BenchException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BenchException why) {
                throw why;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static double secondsSince(long startedNanos) {
        return (System.nanoTime() - startedNanos) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
