package io.dynamokv.bench.report;

import java.util.List;

/** All runs of one call of the generator, with what they have in common. */
public record BenchReport(Settings settings, List<RunResult> runs) {
    /** What the figures hang on. */
    public record Settings(
            List<String> targets, String bucket, boolean siblings, int keys, int valueBytes, String distribution) {
        public Settings {
            targets = List.copyOf(targets);
        }
    }

    public BenchReport {
        runs = List.copyOf(runs);
    }
}
