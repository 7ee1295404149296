package io.dynamokv.core.store;

import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;

/** What can be asked of a node's record of one key. Whoever stands in for an owner names its slot (rule H1). */
public sealed interface StoreOperation {
    StoreKey key();

    /** For whose slots this node is to keep what it holds afterwards, because they are down; an owner, for nobody. */
    default HintedSlots keptFor() {
        return switch (this) {
            case Join join -> join.slots();
            case Put put -> put.slots();
            case Delete delete -> delete.slots();
            case Read _, Reap _, Delivered _ -> HintedSlots.NONE;
        };
    }

    record Read(StoreKey key) implements StoreOperation {}

    /** Another replica's record (rule D3). Never refused (rule W6). */
    record Join(StoreKey key, VersionedRecord record, HintedSlots slots) implements StoreOperation {
        /** At an owner. */
        public Join(StoreKey key, VersionedRecord record) {
            this(key, record, HintedSlots.NONE);
        }
    }

    /** A client's write, executed here. */
    record Put(StoreKey key, VersionVector context, Content content, Bucket bucket, long nowMillis, HintedSlots slots)
            implements StoreOperation {
        /** At an owner. */
        public Put(StoreKey key, VersionVector context, Content content, Bucket bucket, long nowMillis) {
            this(key, context, content, bucket, nowMillis, HintedSlots.NONE);
        }
    }

    /** A client's delete, executed here (rule D5): joins what was read elsewhere, then removes what the context covers. */
    record Delete(StoreKey key, VersionedRecord seen, VersionVector context, long nowMillis, HintedSlots slots)
            implements StoreOperation {
        /** At an owner. */
        public Delete(StoreKey key, VersionedRecord seen, VersionVector context, long nowMillis) {
            this(key, seen, context, nowMillis, HintedSlots.NONE);
        }
    }

    /** All owners have been found to hold exactly this tombstone, and nobody else anything of the key (rule T1). It goes if it is still so here. */
    record Reap(StoreKey key, VersionVector vector) implements StoreOperation {}

    /**
     * The slots' owners have this record on disk. If it is still what is held, it is kept for them no more (rule H1), and a row that is kept
     * for nobody goes, its writer's mark with it (rule D2).
     */
    record Delivered(StoreKey key, VersionedRecord record, HintedSlots slots) implements StoreOperation {}
}
