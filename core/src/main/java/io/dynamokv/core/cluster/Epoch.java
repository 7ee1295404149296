package io.dynamokv.core.cluster;

/** The number of a cluster map. Later maps have higher epochs. */
public record Epoch(long number) implements Comparable<Epoch> {
    public static final Epoch FIRST = new Epoch(1);

    public Epoch {
        if (number < 1) {
            throw new IllegalArgumentException("an epoch is at least 1, was " + number);
        }
    }

    public Epoch next() {
        return new Epoch(Math.addExact(number, 1));
    }

    public boolean isAfter(Epoch other) {
        return number > other.number;
    }

    public boolean isBefore(Epoch other) {
        return number < other.number;
    }

    @Override
    public int compareTo(Epoch other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
