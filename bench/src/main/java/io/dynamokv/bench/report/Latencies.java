package io.dynamokv.bench.report;

import org.HdrHistogram.Histogram;

/**
 * The successful operations of one kind: how many, and how long they took.
 *
 * @param perSecond how many ended in each second of the measured time; in an open loop {@code count} has those besides that ended after it
 */
public record Latencies(
        long count,
        double perSecond,
        double p50Millis,
        double p95Millis,
        double p99Millis,
        double p999Millis,
        double maxMillis) {
    private static final double MICROS_PER_MILLI = 1_000;

    /** Of a histogram in microseconds. */
    public static Latencies of(Histogram micros, double perSecond) {
        return new Latencies(
                micros.getTotalCount(),
                perSecond,
                micros.getValueAtPercentile(50) / MICROS_PER_MILLI,
                micros.getValueAtPercentile(95) / MICROS_PER_MILLI,
                micros.getValueAtPercentile(99) / MICROS_PER_MILLI,
                micros.getValueAtPercentile(99.9) / MICROS_PER_MILLI,
                micros.getMaxValue() / MICROS_PER_MILLI);
    }
}
