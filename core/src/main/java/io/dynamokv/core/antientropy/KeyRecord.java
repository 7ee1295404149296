package io.dynamokv.core.antientropy;

import io.dynamokv.core.merkle.LeafHash;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.RecordCodec;
import io.dynamokv.core.version.VersionedRecord;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A key and what a replica holds of it: the whole record (rule D3), without the replica's own mark (rule V7). */
public record KeyRecord(Key key, VersionedRecord record) {
    public KeyRecord {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(record, "record");
    }

    long hash() {
        return LeafHash.of(key, record);
    }

    /** Its share of a message, nearly. */
    public long bytes() {
        return bytesOf(key) + RecordCodec.size(record);
    }

    static long bytesOf(Key key) {
        return (long) key.bucket().getBytes(StandardCharsets.UTF_8).length
                + key.name().getBytes(StandardCharsets.UTF_8).length;
    }
}
