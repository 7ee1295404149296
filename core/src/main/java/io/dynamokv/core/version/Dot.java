package io.dynamokv.core.version;

import java.util.Comparator;
import java.util.Objects;

/** One write event: the writer and its counter for this key, which rises from 1 without gaps. */
public record Dot(WriterId writer, long counter) implements Comparable<Dot> {
    private static final Comparator<Dot> ORDER =
            Comparator.comparing(Dot::writer).thenComparingLong(Dot::counter);

    public Dot {
        Objects.requireNonNull(writer, "writer");
        if (counter < 1) {
            throw new IllegalArgumentException("a dot's counter is at least 1, was " + counter);
        }
    }

    @Override
    public int compareTo(Dot other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return writer + ":" + counter;
    }
}
