package io.dynamokv.bench.options;

import io.dynamokv.bench.client.Target;
import io.dynamokv.bench.workload.Distribution;
import io.dynamokv.bench.workload.Mix;
import io.dynamokv.bench.workload.ValueFormat;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Reads the command line. */
public final class OptionsParser {
    public static final String HELP = """
            Drives a DynamoKV cluster by HTTP and reports throughput, latency, errors and cost.

            Where (one of the two):
              --demo FILE              the demo.json of a running demo
              --targets URL,URL        the nodes' client APIs, such as http://127.0.0.11:8080
              --pids PID,PID           with --targets: the nodes' processes on this machine, for their cost

            What (each mix with each number of clients is one run):
              --mix A,B,C,W            A: half reads, B: 95 % reads, C: reads, W: writes  [A]
              --clients 16,64          clients, each with one request at a time           [16, with --rate 256]
              --rate N                 operations due per second, whatever the answers take; latency counts from when
                                       one was due [each client asks again as soon as it has its answer]
              --keys N                 how many keys                                      [100000]
              --value-bytes N          bytes of a value                                   [1024]
              --seconds N              measured time of a run                             [20]
              --warmup N               time before it                                     [10]
              --distribution NAME      zipfian or uniform                                 [zipfian]
              --bucket NAME            a bucket of the cluster's map                      [bench, bench-siblings]
              --siblings               a write reads first and sends the context; takes a bucket that keeps siblings
              --kill                   kills a node of the demo in the middle and reads back what was acknowledged
              --no-load                the keys are there already

            Output:
              --json FILE              the figures once more, as JSON
            """;

    private static final int CLIENTS_MAX = 4_096;
    private static final int RATE_MAX = 1_000_000;
    private static final int KEYS_MAX = 10_000_000;
    private static final int VALUE_BYTES_MAX = 1 << 20;
    private static final int MILLIS_MIN = 100;
    private static final int SECONDS_MAX = 86_400;
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final CommandLine line;

    private OptionsParser(CommandLine line) {
        this.line = line;
    }

    /** The options, or empty if help is asked for. */
    public static Optional<Options> parse(List<String> words) throws OptionException {
        CommandLine line = CommandLine.parse(words);
        if (line.has("--help") || line.has("-h")) {
            return Optional.empty();
        }
        return Optional.of(new OptionsParser(line).options());
    }

    private Options options() throws OptionException {
        Optional<Path> demo = path("--demo");
        List<Target> targets = targets();
        if (demo.isPresent() != targets.isEmpty()) {
            throw new OptionException("Give either --demo FILE or --targets URL,URL");
        }
        if (line.has("--kill") && demo.isEmpty()) {
            throw new OptionException(
                    "--kill needs --demo FILE: it kills a process of the demo, which starts it again");
        }
        boolean siblings = line.has("--siblings");
        if (line.has("--rate") && siblings) {
            throw new OptionException("--rate goes without --siblings: with them a write is two requests");
        }
        var options = new Options(
                targets,
                pids(targets),
                demo,
                mixes(),
                clients(),
                rate(),
                number("--keys", "100000", 1, KEYS_MAX),
                number("--value-bytes", "1024", ValueFormat.BYTES_MIN, VALUE_BYTES_MAX),
                duration("--seconds", "20", MILLIS_MIN),
                duration("--warmup", "10", 0),
                distribution(),
                bucket(siblings ? "bench-siblings" : "bench"),
                siblings,
                line.has("--kill"),
                !line.has("--no-load"),
                path("--json"));
        if (options.keys() < options.clientsMax()) {
            throw new OptionException("--keys must be at least the number of --clients, " + options.clientsMax());
        }
        return options;
    }

    private Optional<Path> path(String name) {
        return Optional.ofNullable(line.value(name)).map(Path::of);
    }

    private List<Target> targets() throws OptionException {
        var targets = new ArrayList<Target>();
        for (String url : list("--targets", "")) {
            try {
                targets.add(Target.parse(url));
            } catch (IllegalArgumentException e) {
                throw new OptionException("--targets takes URLs such as http://127.0.0.11:8080, not '" + url + "'");
            }
        }
        return targets;
    }

    private List<Long> pids(List<Target> targets) throws OptionException {
        var pids = new ArrayList<Long>();
        for (String pid : list("--pids", "")) {
            pids.add((long) number("--pids", pid, 1, Integer.MAX_VALUE, "process ids"));
        }
        if (!pids.isEmpty() && targets.isEmpty()) {
            throw new OptionException("--pids goes with --targets; --demo knows the processes");
        }
        return pids;
    }

    private List<Mix> mixes() throws OptionException {
        var mixes = new ArrayList<Mix>();
        for (String name : list("--mix", "A")) {
            try {
                mixes.add(Mix.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new OptionException("--mix takes some of A,B,C,W, not '" + name + "'");
            }
        }
        return mixes;
    }

    private List<Integer> clients() throws OptionException {
        var clients = new ArrayList<Integer>();
        for (String count : list("--clients", line.has("--rate") ? "256" : "16")) {
            clients.add(number("--clients", count, 1, CLIENTS_MAX, "numbers"));
        }
        return clients;
    }

    private OptionalInt rate() throws OptionException {
        return line.has("--rate") ? OptionalInt.of(number("--rate", "", 1, RATE_MAX)) : OptionalInt.empty();
    }

    private Distribution distribution() throws OptionException {
        String name = line.value("--distribution", "zipfian");
        try {
            return Distribution.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new OptionException("--distribution is zipfian or uniform, not '" + name + "'");
        }
    }

    private String bucket(String otherwise) throws OptionException {
        String name = line.value("--bucket", otherwise);
        if (!BUCKET.matcher(name).matches()) {
            throw new OptionException("--bucket takes up to 63 small letters, digits and hyphens, not '" + name + "'");
        }
        return name;
    }

    private List<String> list(String name, String otherwise) throws OptionException {
        String value = line.value(name, otherwise);
        if (value.isEmpty() && !line.has(name)) {
            return List.of();
        }
        List<String> parts = List.of(value.split(",", -1));
        if (parts.contains("")) {
            throw new OptionException(name + " takes a list with commas between, not '" + value + "'");
        }
        return parts;
    }

    private int number(String name, String otherwise, int min, int max) throws OptionException {
        return number(name, line.value(name, otherwise), min, max, "a number");
    }

    private static int number(String name, String value, int min, int max, String what) throws OptionException {
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as is a number out of its limits.
        }
        throw new OptionException(name + " takes " + what + " from " + min + " to " + max + ", not '" + value + "'");
    }

    private Duration duration(String name, String otherwise, int millisMin) throws OptionException {
        String value = line.value(name, otherwise);
        try {
            BigDecimal seconds = new BigDecimal(value);
            if (seconds.compareTo(BigDecimal.valueOf(SECONDS_MAX)) <= 0
                    && seconds.compareTo(BigDecimal.valueOf(millisMin, 3)) >= 0) {
                return Duration.ofMillis(seconds.movePointRight(3).longValue());
            }
        } catch (NumberFormatException e) {
            // Told below, as is a number out of its limits.
        }
        throw new OptionException(name + " takes seconds from "
                + BigDecimal.valueOf(millisMin, 3).stripTrailingZeros().toPlainString() + " to " + SECONDS_MAX
                + ", not '" + value + "'");
    }
}
