package io.dynamokv.core.reaping;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.Tombstone;
import java.util.List;

/** What a {@link TombstoneReaper} wants done. Members are other nodes and this one. */
public sealed interface ReapEffect {
    /** Read a page of the span's rows. */
    record Scan(Span span, long bytesMax) implements ReapEffect {}

    /** Ask the member what the package's page says. */
    record Prove(NodeId member, long round, int partition, List<Tombstone> tombstones) implements ReapEffect {}

    /** Let the owner drop those that it still holds exactly so; nobody waits for it. */
    record Reap(NodeId owner, int partition, List<Tombstone> tombstones) implements ReapEffect {}
}
