package io.dynamokv.core.handoff;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.version.VersionedRecord;
import org.jspecify.annotations.Nullable;

/** What a {@link HintReplay} wants done. */
public sealed interface ReplayEffect {
    /** Read a page of the partition's rows. */
    record Scan(int partition, @Nullable Key after, int rowsMax) implements ReplayEffect {}

    /** Bring the record to the owner, which confirms it after a sync. */
    record Deliver(NodeId owner, int slot, StoreKey key, VersionedRecord record) implements ReplayEffect {}

    record Store(StoreOperation.Delivered operation) implements ReplayEffect {}
}
