package io.dynamokv.bench;

import io.dynamokv.bench.options.OptionException;
import io.dynamokv.bench.options.Options;
import io.dynamokv.bench.options.OptionsParser;
import io.dynamokv.bench.report.BenchReport;
import io.dynamokv.bench.report.JsonReport;
import io.dynamokv.bench.report.Progress;
import io.dynamokv.bench.report.RunResult;
import io.dynamokv.bench.report.TextReport;
import io.dynamokv.bench.run.Bench;
import io.dynamokv.bench.run.BenchException;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** The load generator's command: the report goes to standard output, progress and complaints to standard error. */
public final class Main {
    private static final int GOOD = 0;

    /** It could not run, nothing succeeded, or the store broke a promise. */
    private static final int BAD = 1;

    private static final int USAGE = 2;

    private Main() {}

    public static void main(String[] words) throws InterruptedException {
        System.exit(run(List.of(words), System.out, System.err, isTerminal()));
    }

    /** There may be none at all: a system property can switch consoles off. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** The whole command; gives the exit code. */
    static int run(List<String> words, PrintStream out, PrintStream err, boolean terminal) throws InterruptedException {
        Optional<Options> options;
        try {
            options = OptionsParser.parse(words);
        } catch (OptionException e) {
            err.println(e.getMessage());
            return USAGE;
        }
        if (options.isEmpty()) {
            out.print(OptionsParser.HELP);
            return GOOD;
        }
        try (var bench = new Bench(options.get(), new Progress(err, terminal))) {
            return report(bench.run(), options.get(), out);
        } catch (BenchException | IOException e) {
            err.println(e.getMessage());
            return BAD;
        }
    }

    private static int report(BenchReport report, Options options, PrintStream out) throws IOException {
        out.print(TextReport.render(report));
        if (options.json().isPresent()) {
            JsonReport.write(report, options.json().get());
        }
        return report.runs().stream().allMatch(Main::isGood) ? GOOD : BAD;
    }

    private static boolean isGood(RunResult run) {
        boolean kept = run.kill() == null || run.kill().isClean();
        return kept && run.operationsPerSecond() > 0 && !run.errors().containsKey("read wrong value");
    }
}
