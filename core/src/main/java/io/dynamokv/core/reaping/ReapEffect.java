package io.dynamokv.core.reaping;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.Tombstone;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link TombstoneReaper} wants done. Members are other nodes and this one. */
public sealed interface ReapEffect {
    /** Read a page of the partition's rows. */
    record Scan(int partition, @Nullable Key after, int rowsMax) implements ReapEffect {}

    /** Ask the member what the package's page says. */
    record Prove(NodeId member, long round, int partition, List<Tombstone> tombstones) implements ReapEffect {}

    /** Let the owner drop those that it still holds exactly so; nobody waits for it. */
    record Reap(NodeId owner, int partition, List<Tombstone> tombstones) implements ReapEffect {}
}
