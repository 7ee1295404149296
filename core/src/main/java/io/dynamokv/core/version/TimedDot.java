package io.dynamokv.core.version;

import java.util.Objects;

/** A dot and the hybrid time of its write event. The time belongs to the dot, so that joining stays associative when one request has two dots. */
public record TimedDot(Dot dot, HybridTime time) implements Comparable<TimedDot> {
    public TimedDot {
        Objects.requireNonNull(dot, "dot");
        Objects.requireNonNull(time, "time");
    }

    @Override
    public int compareTo(TimedDot other) {
        return dot.compareTo(other.dot);
    }
}
