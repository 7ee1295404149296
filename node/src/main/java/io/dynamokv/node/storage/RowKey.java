package io.dynamokv.node.storage;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.version.MalformedException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The key of a row. A partition's rows of one residency lie together, so a holding is read, and one day dropped, as one range (rule V4); and in it those
 * of one leaf of its hash tree, so that an exchange reads what differs and no more. The leaves themselves lie behind them ({@link LeafRows}).
 *
 * <pre>key = partition:2 residency:8 leaf:2 bucketLength:1 bucket name     (numbers big-endian, texts UTF-8)</pre>
 */
final class RowKey {
    /** No slot moves yet, so every holding began with the first map. Once slots move, the residency comes from the map. */
    static final long RESIDENCY = 1;

    private static final int PARTITION_MAX = 0xFFFF;
    private static final int BUCKET_BYTES_MAX = 0xFF;
    private static final int LEAF_BYTES = 2 + 8 + 2;

    private RowKey() {}

    /** @throws IllegalArgumentException if the partition or the bucket does not fit */
    static byte[] of(StoreKey key) {
        byte[] bucket = key.key().bucket().getBytes(StandardCharsets.UTF_8);
        byte[] name = key.key().name().getBytes(StandardCharsets.UTF_8);
        if (bucket.length > BUCKET_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a bucket's name has at most " + BUCKET_BYTES_MAX + " bytes, had " + bucket.length);
        }
        return begin(key.partition(), Leaf.indexOf(key.key()), 1 + bucket.length + name.length)
                .put((byte) bucket.length)
                .put(bucket)
                .put(name)
                .array();
    }

    /** What all rows of a leaf begin with. */
    static byte[] ofLeaf(int partition, int leaf) {
        return begin(partition, leaf, 0).array();
    }

    /** The beginning of a key that has so many more bytes. */
    static ByteBuffer begin(int partition, int leaf, int more) {
        if (partition < 0 || partition > PARTITION_MAX) {
            throw new IllegalArgumentException("partition must be 0.." + PARTITION_MAX + ", was " + partition);
        }
        return ByteBuffer.allocate(LEAF_BYTES + more)
                .putShort((short) partition)
                .putLong(RESIDENCY)
                .putShort((short) leaf);
    }

    /** The first key that may be in the span. */
    static byte[] firstOf(Span span) {
        Key after = span.after();
        if (after == null) {
            return ofLeaf(span.partition(), span.firstLeaf());
        }
        byte[] before = of(new StoreKey(span.partition(), after));
        return Arrays.copyOf(before, before.length + 1);
    }

    /** Before it the span ends. */
    static byte[] endOf(Span span) {
        return ofLeaf(span.partition(), span.lastLeaf() + 1);
    }

    /** @throws MalformedException if the bytes are no key of a record's row, or lie in another leaf than the key's */
    static StoreKey parse(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        try {
            int partition = from.getShort() & 0xFFFF;
            from.getLong();
            int leaf = from.getShort();
            var bucket = new byte[from.get() & 0xFF];
            from.get(bucket);
            var name = new byte[from.remaining()];
            from.get(name);
            var key = new Key(new String(bucket, StandardCharsets.UTF_8), new String(name, StandardCharsets.UTF_8));
            if (leaf != Leaf.indexOf(key)) {
                throw new MalformedException(key + " lies in leaf " + leaf + ", its own is " + Leaf.indexOf(key));
            }
            return new StoreKey(partition, key);
        } catch (BufferUnderflowException e) {
            throw new MalformedException("a row's key is cut off at byte " + bytes.length, e);
        }
    }
}
