package io.dynamokv.core.merkle;

import io.dynamokv.core.ring.Key;
import java.util.Comparator;

/** A leaf of a partition's hash tree. Which one a key belongs to never changes, for rows lie by it. */
public record Leaf(int partition, int index) implements Comparable<Leaf> {
    /** Leaves of a partition. */
    public static final int COUNT = 1024;

    /** No partition's number takes more of a token than its highest 16 bits; leaves take the next 10, however many partitions there are. */
    private static final int BITS_ABOVE = 16;

    private static final int BITS = Integer.numberOfTrailingZeros(COUNT);
    private static final Comparator<Leaf> ORDER =
            Comparator.comparingInt(Leaf::partition).thenComparingInt(Leaf::index);

    public Leaf {
        if (partition < 0 || index < 0 || index >= COUNT) {
            throw new IllegalArgumentException("no leaf " + index + " of partition " + partition);
        }
    }

    public static int indexOf(Key key) {
        return (int) (key.token().bits() << BITS_ABOVE >>> (64 - BITS));
    }

    @Override
    public int compareTo(Leaf other) {
        return ORDER.compare(this, other);
    }
}
