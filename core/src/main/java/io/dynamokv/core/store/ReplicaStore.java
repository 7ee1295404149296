package io.dynamokv.core.store;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One replica's storage. All methods may block. A partition's keys are written by one thread, and read by it where a write depends on what was read;
 * {@code sync} and other reads and scans may run beside it.
 *
 * <p>Failure contract: a {@link StoreException} means broken storage; what a failed write leaves is unknown, and whoever catches it stops
 * acknowledging. A write is readable when {@code write} returns, survives a crash of the process then, and a crash of the machine
 * once a {@code sync} that began later has returned. A write is atomic, rows and leaves together: after any crash all or nothing of it is there, and if
 * it is, so is all that was written before it.
 */
public interface ReplicaStore extends AutoCloseable {
    /** The stored records; keys that hold nothing are absent. */
    Map<StoreKey, StoredRecord> read(Collection<StoreKey> keys);

    /**
     * A record that holds nothing leaves no row.
     *
     * @param leaves new values of leaves, in partitions whose leaves are kept
     */
    void write(Map<StoreKey, StoredRecord> changes, Map<Leaf, Long> leaves);

    /** Rows of a span in their order, at least one if there are any, and no more once these have {@code bytesMax} bytes. */
    Page scan(Span span, long bytesMax);

    /** A partition's leaves as written last. Empty if none are kept of it: then only its rows tell. */
    Optional<LeafTable> leaves(int partition);

    /** Begins to keep these leaves of a partition, or, with null, keeps none of it any more. */
    void replaceLeaves(int partition, @Nullable LeafTable leaves);

    void sync();

    @Override
    void close();
}
