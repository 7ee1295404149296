package io.dynamokv.core.store;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.ring.Key;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Where a record lies: the partition that its token falls into, and the key. In the order of rows: by partition, leaf, length of the bucket's name,
 * bucket and name, both as UTF-8.
 */
public record StoreKey(int partition, Key key) implements Comparable<StoreKey> {
    public StoreKey {
        Objects.requireNonNull(key, "key");
    }

    /** The leaf of the partition's hash tree that the record counts in. */
    public Leaf leaf() {
        return new Leaf(partition, Leaf.indexOf(key));
    }

    @Override
    public int compareTo(StoreKey other) {
        int byLeaf = leaf().compareTo(other.leaf());
        if (byLeaf != 0) {
            return byLeaf;
        }
        byte[] bucket = utf8(key.bucket());
        byte[] otherBucket = utf8(other.key.bucket());
        int byLength = Integer.compare(bucket.length, otherBucket.length);
        if (byLength != 0) {
            return byLength;
        }
        int byBucket = Arrays.compareUnsigned(bucket, otherBucket);
        return byBucket != 0 ? byBucket : Arrays.compareUnsigned(utf8(key.name()), utf8(other.key.name()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
