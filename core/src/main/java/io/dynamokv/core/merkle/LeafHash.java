package io.dynamokv.core.merkle;

import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.RecordCodec;
import io.dynamokv.core.version.VersionedRecord;

/**
 * What a record adds to its leaf: equal for records that are equal, and else different but for a chance of 1 in 2^64. Neither the value nor its type is
 * hashed, the request's digest stands for both; what is outside of equality is outside of the hash too (rule D3).
 */
public final class LeafHash {
    /** What a key without a record adds. */
    public static final long OF_NOTHING = 0;

    private LeafHash() {}

    /** The key's token, which is a hash of the key, is the seed: one record under two keys must not cancel itself out. */
    public static long of(Key key, VersionedRecord record) {
        return record.isEmpty()
                ? OF_NOTHING
                : Xxh64.hash(RecordCodec.causalForm(record), key.token().bits());
    }
}
