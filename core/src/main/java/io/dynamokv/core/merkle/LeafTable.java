package io.dynamokv.core.merkle;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The leaves of one partition, in memory. An empty leaf is 0. Not for several threads. */
public final class LeafTable {
    private final long[] leaves;

    public LeafTable() {
        this(new long[Leaf.COUNT]);
    }

    private LeafTable(long[] leaves) {
        this.leaves = leaves;
    }

    /** @throws IllegalArgumentException unless there are {@link Leaf#COUNT} of them */
    public static LeafTable of(long[] leaves) {
        if (leaves.length != Leaf.COUNT) {
            throw new IllegalArgumentException("a partition has " + Leaf.COUNT + " leaves, were " + leaves.length);
        }
        return new LeafTable(leaves.clone());
    }

    public long leaf(int index) {
        return leaves[index];
    }

    public void set(int index, long value) {
        leaves[index] = value;
    }

    /**
     * A record of the leaf came, changed, or went.
     *
     * @param delta the XOR of its hashes before and after
     * @return the leaf's new value
     */
    public long change(int index, long delta) {
        leaves[index] ^= delta;
        return leaves[index];
    }

    /** One number for all leaves; two tables with one root are equal but for a chance of 1 in 2^64. */
    public long root() {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * leaves.length);
        bytes.asLongBuffer().put(leaves);
        return Xxh64.hash(bytes.array(), 0);
    }

    /** Where the two differ, in rising order. */
    public List<Integer> differences(LeafTable other) {
        var differing = new ArrayList<Integer>();
        for (int i = 0; i < leaves.length; i++) {
            if (leaves[i] != other.leaves[i]) {
                differing.add(i);
            }
        }
        return differing;
    }

    public LeafTable copy() {
        return new LeafTable(leaves.clone());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LeafTable that && Arrays.equals(leaves, that.leaves);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(leaves);
    }

    @Override
    public String toString() {
        return String.format("LeafTable[%016x]", root());
    }
}
