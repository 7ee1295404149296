package io.dynamokv.bench.run;

import io.dynamokv.bench.report.Latencies;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts what ends inside the measured window. Belongs to the event loop. */
final class Recorder {
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Histogram readMicros = new Histogram(SIGNIFICANT_DIGITS);
    private final Histogram writeMicros = new Histogram(SIGNIFICANT_DIGITS);
    private final SortedMap<String, Long> errors = new TreeMap<>();
    private boolean open;
    private long openedNanos;
    private long closedNanos;
    private long lastSuccessNanos;
    private long longestGapNanos;
    private long successes;
    private long failures;

    void open(long nowNanos) {
        open = true;
        openedNanos = nowNanos;
        lastSuccessNanos = nowNanos;
    }

    void close(long nowNanos) {
        open = false;
        closedNanos = nowNanos;
        noteGap(nowNanos);
    }

    void success(Operation operation, long startedNanos, long nowNanos) {
        successes++;
        if (open) {
            micros(operation).recordValue(TimeUnit.NANOSECONDS.toMicros(nowNanos - startedNanos));
            noteGap(nowNanos);
            lastSuccessNanos = nowNanos;
        }
    }

    void error(Operation operation, String kind) {
        failures++;
        if (open) {
            errors.merge(operation.label() + " " + kind, 1L, Long::sum);
        }
    }

    private Histogram micros(Operation operation) {
        return switch (operation) {
            case READ -> readMicros;
            case WRITE -> writeMicros;
        };
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

    double seconds() {
        return (closedNanos - openedNanos) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    double longestGapMillis() {
        return longestGapNanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    Latencies latencies(Operation operation) {
        return Latencies.of(micros(operation), seconds());
    }

    SortedMap<String, Long> errors() {
        return errors;
    }
}
