package io.dynamokv.bench.run;

import io.dynamokv.bench.report.Latencies;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts what belongs to the measured window. Belongs to the event loop. */
final class Recorder {
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Window window;
    private final Map<Operation, Histogram> micros = new EnumMap<>(Operation.class);
    private final Map<Operation, Long> ended = new EnumMap<>(Operation.class);
    private final SortedMap<String, Long> errors = new TreeMap<>();
    private boolean opened;
    private boolean open;
    private long openedNanos;
    private long closedNanos;
    private long lastSuccessNanos;
    private long longestGapNanos;
    private long successes;
    private long failures;
    private long notSent;

    Recorder(Window window) {
        this.window = window;
        for (Operation operation : Operation.values()) {
            micros.put(operation, new Histogram(SIGNIFICANT_DIGITS));
            ended.put(operation, 0L);
        }
    }

    void open(long nowNanos) {
        opened = true;
        open = true;
        openedNanos = nowNanos;
        lastSuccessNanos = nowNanos;
    }

    void close(long nowNanos) {
        open = false;
        closedNanos = nowNanos;
        noteGap(nowNanos);
    }

    void success(Operation operation, long dueNanos, long nowNanos) {
        successes++;
        if (open) {
            ended.merge(operation, 1L, Long::sum);
            noteGap(nowNanos);
            lastSuccessNanos = nowNanos;
        }
        if (counts(dueNanos)) {
            micros(operation).recordValue(TimeUnit.NANOSECONDS.toMicros(nowNanos - dueNanos));
        }
    }

    void error(Operation operation, String kind, long dueNanos) {
        failures++;
        if (counts(dueNanos)) {
            errors.merge(operation.label() + " " + kind, 1L, Long::sum);
        }
    }

    /** An operation that was due and never came to be sent. */
    void notSent(long dueNanos) {
        if (counts(dueNanos)) {
            notSent++;
        }
    }

    private boolean counts(long dueNanos) {
        return switch (window) {
            case BY_END -> open;
            case BY_DUE -> opened && dueNanos - openedNanos >= 0 && (open || dueNanos - closedNanos < 0);
        };
    }

    private Histogram micros(Operation operation) {
        return Objects.requireNonNull(micros.get(operation));
    }

    private void noteGap(long nowNanos) {
        longestGapNanos = Math.max(longestGapNanos, nowNanos - lastSuccessNanos);
    }

    /** Of the whole run so far, the warm-up included. */
    long successes() {
        return successes;
    }

    long failures() {
        return failures;
    }

    long notSent() {
        return notSent;
    }

    /** Those that succeeded while the window was open. */
    long ended() {
        return ended.values().stream().mapToLong(Long::longValue).sum();
    }

    double seconds() {
        return (closedNanos - openedNanos) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    double longestGapMillis() {
        return longestGapNanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    Latencies latencies(Operation operation) {
        return Latencies.of(micros(operation), ended.getOrDefault(operation, 0L) / seconds());
    }

    SortedMap<String, Long> errors() {
        return errors;
    }
}
