package io.dynamokv.node.storage;

import io.dynamokv.core.store.StoreKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

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
