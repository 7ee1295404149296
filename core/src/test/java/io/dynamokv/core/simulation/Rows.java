package io.dynamokv.core.simulation;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.store.Page;
import io.dynamokv.core.store.ReplicaStore;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.version.RecordCodec;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A replica's rows and leaves in memory, in the order in which a disk would have them. */
public final class Rows implements ReplicaStore {
    private final TreeMap<StoreKey, StoredRecord> records = new TreeMap<>();
    private final Map<Integer, LeafTable> leaves = new TreeMap<>();

    public Map<StoreKey, StoredRecord> records() {
        return records;
    }

    Rows copy() {
        var copy = new Rows();
        copy.records.putAll(records);
        leaves.forEach((partition, table) -> copy.leaves.put(partition, table.copy()));
        return copy;
    }

    @Override
    public Map<StoreKey, StoredRecord> read(Collection<StoreKey> keys) {
        var found = new LinkedHashMap<StoreKey, StoredRecord>();
        for (StoreKey key : keys) {
            StoredRecord held = records.get(key);
            if (held != null) {
                found.put(key, held);
            }
        }
        return found;
    }

    @Override
    public void write(Map<StoreKey, StoredRecord> changes, Map<Leaf, Long> changedLeaves) {
        changes.forEach((key, stored) -> {
            if (stored.record().isEmpty()) {
                records.remove(key);
            } else {
                records.put(key, stored);
            }
        });
        changedLeaves.forEach((leaf, value) -> {
            LeafTable table = leaves.get(leaf.partition());
            if (table == null) {
                throw new IllegalStateException("no leaves are kept of partition " + leaf.partition());
            }
            table.set(leaf.index(), value);
        });
    }

    @Override
    public Page scan(Span span, long bytesMax) {
        var rows = new LinkedHashMap<StoreKey, StoredRecord>();
        long bytes = 0;
        for (Map.Entry<StoreKey, StoredRecord> row : records.entrySet()) {
            if (span.contains(row.getKey())) {
                if (bytes >= bytesMax) {
                    return new Page(rows, false);
                }
                rows.put(row.getKey(), row.getValue());
                bytes += RecordCodec.size(row.getValue().record());
            }
        }
        return new Page(rows, true);
    }

    @Override
    public Optional<LeafTable> leaves(int partition) {
        return Optional.ofNullable(leaves.get(partition)).map(LeafTable::copy);
    }

    @Override
    public void replaceLeaves(int partition, @Nullable LeafTable table) {
        if (table == null) {
            leaves.remove(partition);
        } else {
            leaves.put(partition, table.copy());
        }
    }

    /** All that was written is as durable as memory can make it. */
    @Override
    public void sync() {}

    @Override
    public void close() {
        records.clear();
        leaves.clear();
    }
}
