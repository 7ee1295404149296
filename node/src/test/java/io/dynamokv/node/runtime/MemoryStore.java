package io.dynamokv.node.runtime;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.store.Page;
import io.dynamokv.core.store.ReplicaStore;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreException;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.version.RecordCodec;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store in memory, whose syncs can be held back and which can be broken. */
final class MemoryStore implements ReplicaStore {
    final AtomicInteger writes = new AtomicInteger();
    final AtomicInteger syncs = new AtomicInteger();
    /** Runs before each, and may throw. */
    volatile Runnable beforeWrite = () -> {};

    volatile Runnable beforeSync = () -> {};
    volatile Consumer<Span> beforeScan = span -> {};
    private final Map<StoreKey, StoredRecord> records = new ConcurrentSkipListMap<>();
    private final Map<Integer, LeafTable> leaves = new ConcurrentHashMap<>();
    private final Semaphore syncsAllowed = new Semaphore(1 << 20);
    private volatile boolean broken;
    private volatile boolean syncBroken;

    void holdSyncs() {
        syncsAllowed.drainPermits();
    }

    void allowSyncs() {
        syncsAllowed.release(1 << 20);
    }

    void breakDown() {
        broken = true;
    }

    void breakSyncs() {
        syncBroken = true;
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    private static StoreException brokenDisk() {
        return new StoreException("the disk is gone", new IOException("pulled out"));
    }

    @Override
    public Map<StoreKey, StoredRecord> read(Collection<StoreKey> keys) {
        var found = new HashMap<StoreKey, StoredRecord>();
        for (StoreKey key : keys) {
            StoredRecord stored = records.get(key);
            if (stored != null) {
                found.put(key, stored);
            }
        }
        return found;
    }

    @Override
    public void write(Map<StoreKey, StoredRecord> changes, Map<Leaf, Long> changedLeaves) {
        if (broken) {
            throw brokenDisk();
        }
        beforeWrite.run();
        writes.incrementAndGet();
        changes.forEach((key, row) -> {
            if (row.record().isEmpty()) {
                records.remove(key);
            } else {
                records.put(key, row);
            }
        });
        changedLeaves.forEach((leaf, value) -> leavesOf(leaf.partition()).set(leaf.index(), value));
    }

    private LeafTable leavesOf(int partition) {
        LeafTable table = leaves.get(partition);
        if (table == null) {
            throw new IllegalStateException("no leaves are kept of partition " + partition);
        }
        return table;
    }

    @Override
    public Page scan(Span span, long bytesMax) {
        beforeScan.accept(span);
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

    @Override
    public void sync() {
        syncs.incrementAndGet();
        syncsAllowed.acquireUninterruptibly();
        beforeSync.run();
        if (syncBroken) {
            throw brokenDisk();
        }
    }

    @Override
    public void close() {
        records.clear();
    }
}
