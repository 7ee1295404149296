package io.dynamokv.core.store;

import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;

/** What can be asked of a replica's record of one key. */
public sealed interface StoreOperation {
    StoreKey key();

    record Read(StoreKey key) implements StoreOperation {}

    /** Another replica's record (rule D3). Never refused (rule W6). */
    record Join(StoreKey key, VersionedRecord record) implements StoreOperation {}

    /** A client's write, executed here. */
    record Put(StoreKey key, VersionVector context, Content content, Bucket bucket, long nowMillis)
            implements StoreOperation {}

    /** A client's delete, executed here (rule D5): joins what was read elsewhere, then removes what the context covers. */
    record Delete(StoreKey key, VersionedRecord seen, VersionVector context, long nowMillis)
            implements StoreOperation {}
}
