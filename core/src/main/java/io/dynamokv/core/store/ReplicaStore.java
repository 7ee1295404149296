package io.dynamokv.core.store;

import io.dynamokv.core.ring.Key;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One replica's storage. All methods may block. A partition's keys are read and written by one thread, {@code sync} may run beside
 * it.
 *
 * <p>Failure contract: a {@link StoreException} means broken storage; what a failed write leaves is unknown, and whoever catches it stops
 * acknowledging. A write is readable when {@code write} returns, survives a crash of the process then, and a crash of the machine
 * once a {@code sync} that began later has returned. A write is atomic: after any crash all or nothing of it is there, and if it is, so is all that
 * was written before it.
 */
public interface ReplicaStore extends AutoCloseable {
    /** The stored records; keys that hold nothing are absent. */
    Map<StoreKey, StoredRecord> read(Collection<StoreKey> keys);

    /** A record that holds nothing leaves no row. */
    void write(Map<StoreKey, StoredRecord> changes);

    /**
     * The partition's rows, in an order of the store's own that never changes.
     *
     * @param after the last key of the page before, or null to begin
     */
    List<StoredRow> scan(int partition, @Nullable Key after, int rowsMax);

    void sync();

    @Override
    void close();
}
