package io.dynamokv.bench.report;

import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The report for people. */
public final class TextReport {
    private TextReport() {}

    public static String render(BenchReport report) {
        var text = new StringBuilder(settings(report.settings()));
        text.append('\n').append(latencies(report)).append('\n').append(costs(report));
        rates(report, text);
        for (RunResult run : report.runs()) {
            errors(run, text);
            kill(run, text);
        }
        return text.toString();
    }

    private static String settings(BenchReport.Settings settings) {
        return String.format(
                Locale.ROOT,
                "%d keys of %d bytes, %s, bucket %s%s, %d nodes\n",
                settings.keys(),
                settings.valueBytes(),
                settings.distribution(),
                settings.bucket(),
                settings.siblings() ? " by read-modify-write" : "",
                settings.targets().size());
    }

    private static String latencies(BenchReport report) {
        var table = new TextTable(2, "run", "op", "ops/s", "p50 ms", "p95 ms", "p99 ms", "p99.9 ms", "max ms");
        for (RunResult run : report.runs()) {
            row(table, run.name(), "read", run.reads());
            row(table, run.name(), "write", run.writes());
        }
        return table.render();
    }

    private static void row(TextTable table, String run, String operation, Latencies latencies) {
        if (latencies.count() > 0) {
            table.row(
                    run,
                    operation,
                    whole(latencies.perSecond()),
                    fine(latencies.p50Millis()),
                    fine(latencies.p95Millis()),
                    fine(latencies.p99Millis()),
                    fine(latencies.p999Millis()),
                    fine(latencies.maxMillis()));
        }
    }

    private static String costs(BenchReport report) {
        var table = new TextTable(
                1, "run", "ops/s", "errors", "longest gap ms", "nodes us/op", "generator us/op", "RSS MiB per node");
        for (RunResult run : report.runs()) {
            Cost cost = run.cost();
            table.row(
                    run.name(),
                    whole(run.operationsPerSecond()),
                    Long.toString(run.errorCount()),
                    whole(run.longestGapMillis()),
                    micros(cost.nodesMicrosPerOperation(), cost),
                    micros(cost.generatorMicrosPerOperation(), cost),
                    cost.residentMebibytes().isEmpty()
                            ? "not local"
                            : cost.residentMebibytes().stream()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(" ")));
        }
        return table.render();
    }

    /** Of a node that ended in the middle the cost is gone, though it was local. */
    private static String micros(@Nullable Double micros, Cost cost) {
        if (micros == null) {
            return cost.residentMebibytes().isEmpty() ? "not local" : "node ended";
        }
        return String.format(Locale.ROOT, "%.1f", micros);
    }

    private static void rates(BenchReport report, StringBuilder text) {
        var table = new TextTable(1, "run, latency from when due", "asked ops/s", "reached ops/s", "not sent");
        for (RunResult run : report.runs()) {
            Rate rate = run.rate();
            if (rate != null) {
                table.row(
                        run.name(),
                        Integer.toString(rate.askedPerSecond()),
                        String.format(Locale.ROOT, "%.1f", rate.reachedPerSecond()),
                        Long.toString(rate.notSent()));
            }
        }
        if (!table.isEmpty()) {
            text.append('\n').append(table.render());
        }
    }

    private static void errors(RunResult run, StringBuilder text) {
        if (run.errorCount() > 0) {
            String kinds = run.errors().entrySet().stream()
                    .map(error -> error.getValue() + " of " + error.getKey())
                    .collect(Collectors.joining(", "));
            text.append(String.format(Locale.ROOT, "\n%s, errors: %s\n", run.name(), kinds));
        }
    }

    private static void kill(RunResult run, StringBuilder text) {
        KillOutcome kill = run.kill();
        if (kill != null) {
            text.append(String.format(
                    Locale.ROOT,
                    "\n%s, %s killed: served again after %.1f s; longest gap without a success %.0f ms\n"
                            + "  %d acknowledged keys read back: %d lost, %d stale, %d failed, %d invented"
                            + " (%d answered only when asked again)\n",
                    run.name(),
                    kill.node(),
                    kill.unavailableSeconds(),
                    run.longestGapMillis(),
                    kill.keys(),
                    kill.lost(),
                    kill.stale(),
                    kill.failed(),
                    kill.invented(),
                    kill.firstReadErrors()));
        }
    }

    private static String whole(double number) {
        return String.format(Locale.ROOT, "%.0f", number);
    }

    private static String fine(double millis) {
        return String.format(Locale.ROOT, "%.2f", millis);
    }
}
