package io.dynamokv.core.version;

import java.util.Arrays;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * For each writer the highest counter seen; all lower ones are seen too, because records travel whole (rule D3). Immutable;
 * two arrays sorted by writer, because it is read on every request.
 */
public final class VersionVector {
    public static final VersionVector EMPTY = new VersionVector(new long[0], new long[0]);

    private final long[] writers;
    private final long[] counters;

    private VersionVector(long[] writers, long[] counters) {
        this.writers = writers;
        this.counters = counters;
    }

    public static VersionVector of(Dot... dots) {
        VersionVector vector = EMPTY;
        for (Dot dot : dots) {
            vector = vector.with(dot);
        }
        return vector;
    }

    /** Takes entries in rising order of writers, as {@link #forEach} gives them. Refuses any other order and counters below 1. */
    static VersionVector ofSorted(long[] writers, long[] counters) {
        for (int i = 0; i < writers.length; i++) {
            if (counters[i] < 1) {
                throw new IllegalArgumentException("a counter is at least 1, was " + counters[i]);
            }
            if (i > 0 && Long.compareUnsigned(writers[i - 1], writers[i]) >= 0) {
                throw new IllegalArgumentException("writers are not in rising order at entry " + i);
            }
        }
        return writers.length == 0 ? EMPTY : new VersionVector(writers.clone(), counters.clone());
    }

    /** The highest counter seen of this writer, 0 if none. */
    public long counter(WriterId writer) {
        int at = indexOf(writer.bits());
        return at < 0 ? 0 : counters[at];
    }

    public boolean contains(Dot dot) {
        return dot.counter() <= counter(dot.writer());
    }

    public boolean isEmpty() {
        return writers.length == 0;
    }

    /** The number of writers. It grows with node restarts, so it has a metric and an alarm. */
    public int size() {
        return writers.length;
    }

    /** This vector with the dot and all before it. */
    public VersionVector with(Dot dot) {
        return contains(dot)
                ? this
                : join(new VersionVector(new long[] {dot.writer().bits()}, new long[] {dot.counter()}));
    }

    /** The pointwise maximum. Returns one of the two when it is above the other, so that callers can compare by identity first. */
    public VersionVector join(VersionVector other) {
        if (descends(other)) {
            return this;
        }
        if (other.descends(this)) {
            return other;
        }
        return merged(other);
    }

    private VersionVector merged(VersionVector other) {
        long[] mergedWriters = new long[writers.length + other.writers.length];
        long[] mergedCounters = new long[mergedWriters.length];
        int size = 0;
        int mine = 0;
        int theirs = 0;
        while (mine < writers.length || theirs < other.writers.length) {
            int order = order(mine, other, theirs);
            mergedWriters[size] = order <= 0 ? writers[mine] : other.writers[theirs];
            long myCounter = order <= 0 ? counters[mine++] : 0;
            long theirCounter = order >= 0 ? other.counters[theirs++] : 0;
            mergedCounters[size++] = Math.max(myCounter, theirCounter);
        }
        return new VersionVector(Arrays.copyOf(mergedWriters, size), Arrays.copyOf(mergedCounters, size));
    }

    private int order(int mine, VersionVector other, int theirs) {
        if (mine == writers.length) {
            return 1;
        }
        if (theirs == other.writers.length) {
            return -1;
        }
        return Long.compareUnsigned(writers[mine], other.writers[theirs]);
    }

    /** Whether all that the other has seen is seen here. */
    public boolean descends(VersionVector other) {
        int mine = 0;
        for (int theirs = 0; theirs < other.writers.length; theirs++) {
            while (mine < writers.length && Long.compareUnsigned(writers[mine], other.writers[theirs]) < 0) {
                mine++;
            }
            if (mine == writers.length
                    || writers[mine] != other.writers[theirs]
                    || counters[mine] < other.counters[theirs]) {
                return false;
            }
        }
        return true;
    }

    /** Entries in rising (unsigned) order of writers. */
    public void forEach(BiConsumer<WriterId, Long> action) {
        for (int i = 0; i < writers.length; i++) {
            action.accept(new WriterId(writers[i]), counters[i]);
        }
    }

    long writerBitsAt(int index) {
        return writers[index];
    }

    long counterAt(int index) {
        return counters[index];
    }

    private int indexOf(long bits) {
        int low = 0;
        int high = writers.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Long.compareUnsigned(writers[middle], bits);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VersionVector that
                && Arrays.equals(writers, that.writers)
                && Arrays.equals(counters, that.counters);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(writers) + Arrays.hashCode(counters);
    }

    @Override
    public String toString() {
        var entries = new TreeMap<WriterId, Long>();
        forEach(entries::put);
        var text = new StringJoiner(", ", "[", "]");
        entries.forEach((writer, counter) -> text.add(writer + ":" + counter));
        return text.toString();
    }
}
