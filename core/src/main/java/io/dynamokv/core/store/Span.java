package io.dynamokv.core.store;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.ring.Key;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one partition that lie together: those of the leaves from the first to the last, both included, and of the first leaf only what lies
 * behind a key.
 *
 * @param after null if the first leaf is in it whole
 */
public record Span(int partition, int firstLeaf, @Nullable Key after, int lastLeaf) {
    public Span {
        if (firstLeaf < 0 || firstLeaf > lastLeaf || lastLeaf >= Leaf.COUNT) {
            throw new IllegalArgumentException("no span of leaves " + firstLeaf + " to " + lastLeaf);
        }
        if (after != null && Leaf.indexOf(after) != firstLeaf) {
            throw new IllegalArgumentException(after + " is not of leaf " + firstLeaf);
        }
    }

    public static Span ofPartition(int partition) {
        return new Span(partition, 0, null, Leaf.COUNT - 1);
    }

    public static Span ofLeaf(int partition, int leaf) {
        return new Span(partition, leaf, null, leaf);
    }

    /** What of this span lies behind the key. */
    public Span behind(Key key) {
        return new Span(partition, Leaf.indexOf(key), key, lastLeaf);
    }

    public boolean contains(StoreKey key) {
        int leaf = Leaf.indexOf(key.key());
        return key.partition() == partition
                && firstLeaf <= leaf
                && leaf <= lastLeaf
                && (after == null || key.compareTo(new StoreKey(partition, after)) > 0);
    }
}
