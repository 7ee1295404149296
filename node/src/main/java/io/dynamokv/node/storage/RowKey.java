package io.dynamokv.node.storage;

import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.version.MalformedException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The key of a row. A partition's rows of one residency lie together, so a holding is read, and one day dropped, as one range
 * (rule V4).
 *
 * <pre>key = partition:2 residency:8 bucketLength:1 bucket name     (numbers big-endian, texts UTF-8)</pre>
 */
final class RowKey {
    /** No slot moves yet, so every holding began with the first map. Once slots move, the residency comes from the map. */
    static final long RESIDENCY = 1;

    private static final int PARTITION_MAX = 0xFFFF;
    private static final int BUCKET_BYTES_MAX = 0xFF;
    private static final int FIXED_BYTES = 2 + 8 + 1;

    private RowKey() {}

    /** What the keys of all rows of the partition begin with. */
    static byte[] prefix(int partition) {
        return ByteBuffer.allocate(Short.BYTES + Long.BYTES)
                .putShort((short) partition)
                .putLong(RESIDENCY)
                .array();
    }

    /** The first key behind all those that begin so. */
    static byte[] behind(byte[] prefix) {
        byte[] end = prefix.clone();
        for (int i = end.length - 1; i >= 0; i--) {
            if (++end[i] != 0) {
                return end;
            }
        }
        throw new IllegalArgumentException("no key is behind " + Arrays.toString(prefix));
    }

    /** @throws MalformedException if it is no row's key */
    static StoreKey parse(byte[] rowKey) {
        ByteBuffer from = ByteBuffer.wrap(rowKey);
        try {
            int partition = Short.toUnsignedInt(from.getShort());
            from.getLong();
            byte[] bucket = new byte[Byte.toUnsignedInt(from.get())];
            from.get(bucket);
            byte[] name = new byte[from.remaining()];
            from.get(name);
            return new StoreKey(
                    partition,
                    new Key(new String(bucket, StandardCharsets.UTF_8), new String(name, StandardCharsets.UTF_8)));
        } catch (BufferUnderflowException e) {
            throw new MalformedException("a row's key is cut off at byte " + rowKey.length, e);
        }
    }

    /** @throws IllegalArgumentException if the partition or the bucket does not fit */
    static byte[] of(StoreKey key) {
        byte[] bucket = key.key().bucket().getBytes(StandardCharsets.UTF_8);
        byte[] name = key.key().name().getBytes(StandardCharsets.UTF_8);
        if (key.partition() < 0 || key.partition() > PARTITION_MAX) {
            throw new IllegalArgumentException("partition must be 0.." + PARTITION_MAX + ", was " + key.partition());
        }
        if (bucket.length > BUCKET_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a bucket's name has at most " + BUCKET_BYTES_MAX + " bytes, had " + bucket.length);
        }
        return ByteBuffer.allocate(FIXED_BYTES + bucket.length + name.length)
                .putShort((short) key.partition())
                .putLong(RESIDENCY)
                .put((byte) bucket.length)
                .put(bucket)
                .put(name)
                .array();
    }
}
