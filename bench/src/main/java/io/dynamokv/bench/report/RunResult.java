package io.dynamokv.bench.report;

import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one run. Operations are HTTP requests; those with an error are not in the latencies.
 *
 * @param errors how many by kind, such as {@code write 504}
 * @param longestGapMillis the longest time in which no operation succeeded
 * @param rate of an open loop; null in a closed one
 */
public record RunResult(
        String mix,
        int clients,
        @Nullable Rate rate,
        double seconds,
        double operationsPerSecond,
        Latencies reads,
        Latencies writes,
        SortedMap<String, Long> errors,
        double longestGapMillis,
        Cost cost,
        @Nullable KillOutcome kill) {
    public RunResult {
        errors = new TreeMap<>(errors);
    }

    public RunResult with(KillOutcome outcome) {
        return new RunResult(
                mix,
                clients,
                rate,
                seconds,
                operationsPerSecond,
                reads,
                writes,
                errors,
                longestGapMillis,
                cost,
                outcome);
    }

    public long errorCount() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    public String name() {
        return name(mix, clients, rate == null ? OptionalInt.empty() : OptionalInt.of(rate.askedPerSecond()));
    }

    /** What a run is called, also while there is no result yet. */
    public static String name(String mix, int clients, OptionalInt perSecond) {
        return mix + " x " + clients + (perSecond.isPresent() ? " at " + perSecond.getAsInt() + "/s" : "");
    }
}
