package io.dynamokv.core.handoff;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.version.VersionedRecord;

/** What a {@link HintReplay} wants done. */
public sealed interface ReplayEffect {
    /** Read a page of the span's rows. */
    record Scan(Span span, long bytesMax) implements ReplayEffect {}

    /** Bring the record to the owner, which confirms it after a sync. */
    record Deliver(NodeId owner, int slot, StoreKey key, VersionedRecord record) implements ReplayEffect {}

    record Store(StoreOperation.Delivered operation) implements ReplayEffect {}
}
