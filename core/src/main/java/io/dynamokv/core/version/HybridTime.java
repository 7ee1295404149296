package io.dynamokv.core.version;

/**
 * A hybrid logical time: 47 bits of milliseconds since 1970 and a 16-bit counter. It decides between concurrent versions of a
 * {@code latest} bucket (rule D6) and is part of no vector.
 */
public record HybridTime(long bits) implements Comparable<HybridTime> {
    private static final int COUNTER_BITS = 16;

    public HybridTime {
        if (bits < 0) {
            throw new IllegalArgumentException("a hybrid time has 63 bits, was " + Long.toHexString(bits));
        }
    }

    public static HybridTime ofMillis(long millis) {
        if (millis < 0 || millis >= 1L << (63 - COUNTER_BITS)) {
            throw new IllegalArgumentException("milliseconds must fit 47 bits, were " + millis);
        }
        return new HybridTime(millis << COUNTER_BITS);
    }

    /** The next time at a clock that says {@code nowMillis}: never behind the clock, always after {@code this}. */
    public HybridTime next(long nowMillis) {
        HybridTime now = ofMillis(nowMillis);
        return now.isAfter(this) ? now : new HybridTime(Math.addExact(bits, 1));
    }

    public long millis() {
        return bits >>> COUNTER_BITS;
    }

    public boolean isAfter(HybridTime other) {
        return bits > other.bits;
    }

    @Override
    public int compareTo(HybridTime other) {
        return Long.compare(bits, other.bits);
    }
}
