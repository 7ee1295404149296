package io.dynamokv.core.simulation;

import io.dynamokv.core.SeededProperty;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** {@code ./dynamokv sim}: plays many seeds, or one again. */
public final class SimMain {
    private static final String USAGE = """
            Usage: ./dynamokv sim [--seeds N] [--seed S] [--trace] [--mistake M]

              --seeds N   how many seeds to play (10000)
              --seed S    the first one (1); with --seeds 1 it plays that one alone
              --trace     prints what happens, line by line
              --mistake M all nodes make it, so that something is found: JOIN_OVERWRITES and the like
            """;
    private static final long PROGRESS_NANOS = 500_000_000L;

    private final long first;
    private final long seeds;
    private final boolean trace;
    private final Mutation mistake;
    private long operations;
    private long faults;
    private final Paths paths = new Paths();
    private final MessageDigest hash = sha256();

    private SimMain(long first, long seeds, boolean trace, Mutation mistake) {
        this.first = first;
        this.seeds = seeds;
        this.trace = trace;
        this.mistake = mistake;
    }

    public static void main(String[] args) {
        long seeds = 10_000;
        long first = 1;
        boolean trace = false;
        var mistake = Mutation.NONE;
        try {
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--seeds" -> seeds = positive(args, ++i);
                    case "--seed" -> first = positive(args, ++i);
                    case "--trace" -> {
                        trace = true;
                        System.setProperty("dynamokv.sim.lines", Integer.toString(Integer.MAX_VALUE));
                    }
                    case "--mistake" -> mistake = mistake(args, ++i);
                    case "--help" -> {
                        System.out.print(USAGE);
                        return;
                    }
                    default -> throw new IllegalArgumentException("unknown option " + args[i]);
                }
            }
        } catch (IllegalArgumentException e) {
            System.err.print(e.getMessage() + "\n" + USAGE);
            System.exit(2);
        }
        System.exit(new SimMain(first, seeds, trace, mistake).run() ? 0 : 1);
    }

    private static long positive(String[] args, int at) {
        if (at >= args.length || !args[at].matches("[1-9]\\d{0,17}")) {
            throw new IllegalArgumentException(args[at - 1] + " needs a number above 0");
        }
        return Long.parseLong(args[at]);
    }

    private static Mutation mistake(String[] args, int at) {
        String name = at < args.length ? args[at] : "nothing";
        for (Mutation known : Mutation.values()) {
            if (known.name().equals(name)) {
                return known;
            }
        }
        throw new IllegalArgumentException("--mistake needs one of " + List.of(Mutation.values()));
    }

    private boolean run() {
        long startedNanos = System.nanoTime();
        long toldNanos = startedNanos;
        for (long seed = first; seed < first + seeds; seed++) {
            if (!play(seed)) {
                return false;
            }
            long nowNanos = System.nanoTime();
            if (nowNanos - toldNanos > PROGRESS_NANOS) {
                toldNanos = nowNanos;
                long done = seed - first + 1;
                System.err.printf(
                        Locale.ROOT,
                        "\r%,d of %,d seeds, %,d operations, %,d seeds/s ",
                        done,
                        seeds,
                        operations,
                        done * 1_000_000_000L / (nowNanos - startedNanos));
            }
        }
        System.err.print("\r");
        System.out.printf(
                Locale.ROOT,
                "%,d seeds from %,d on, %,d operations, %,d faults: nothing found%n",
                seeds,
                first,
                operations,
                faults);
        System.out.println("hash of all that happened: " + HexFormat.of().formatHex(hash.digest()));
        return tellPaths();
    }

    private boolean play(long seed) {
        RandomGenerator random = SeededProperty.GENERATORS.create(seed);
        try {
            Cluster.Story story = Cluster.play(Plan.draw(random).with(mistake), random);
            operations += story.operations();
            faults += story.faults();
            paths.add(story.paths());
            story.lines().forEach(line -> hash.update(line.getBytes(StandardCharsets.UTF_8)));
            if (!Plan.isEnough(story)) {
                System.out.printf(
                        Locale.ROOT,
                        "%nseed %d: only %d operations and %d faults%n",
                        seed,
                        story.operations(),
                        story.faults());
                return false;
            }
            if (trace) {
                story.lines().forEach(System.out::println);
            }
            return true;
        } catch (AssertionError | RuntimeException e) {
            System.out.println("\nseed " + seed + ": " + e.getMessage());
            String made = mistake == Mutation.NONE ? "" : " --mistake " + mistake;
            System.out.println("again: ./dynamokv sim --seeds 1 --seed " + seed + made);
            return false;
        }
    }

    /** A path that was never taken says that the play proves nothing about it; one seed alone may well miss some. */
    private boolean tellPaths() {
        boolean allTaken = true;
        for (Paths.Path path : Paths.Path.values()) {
            System.out.printf(Locale.ROOT, "%,12d times %s%n", paths.count(path), path);
            allTaken &= paths.count(path) > 0;
        }
        if (!allTaken && seeds > 1) {
            System.out.println("something of this never happened");
        }
        return allTaken || seeds == 1;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
