package io.dynamokv.node.runtime;

import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.ReplicaStore;
import io.dynamokv.core.store.StoreException;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.StoredRow;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A store in memory, whose syncs can be held back and which can be broken. */
final class MemoryStore implements ReplicaStore {
    final AtomicInteger writes = new AtomicInteger();
    final AtomicInteger syncs = new AtomicInteger();
    private final Map<StoreKey, StoredRecord> records = new ConcurrentHashMap<>();
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
    public List<StoredRow> scan(int partition, @Nullable Key after, int rowsMax) {
        return records.entrySet().stream()
                .filter(row -> row.getKey().partition() == partition)
                .map(row -> new StoredRow(row.getKey(), row.getValue()))
                .sorted(Comparator.comparing(MemoryStore::nameOf))
                .filter(row -> after == null || nameOf(row).compareTo(after.toString()) > 0)
                .limit(rowsMax)
                .toList();
    }

    private static String nameOf(StoredRow row) {
        return row.key().key().toString();
    }

    @Override
    public void write(Map<StoreKey, StoredRecord> changes) {
        if (broken) {
            throw brokenDisk();
        }
        writes.incrementAndGet();
        changes.forEach((key, row) -> {
            if (row.record().isEmpty()) {
                records.remove(key);
            } else {
                records.put(key, row);
            }
        });
    }

    @Override
    public void sync() {
        syncs.incrementAndGet();
        syncsAllowed.acquireUninterruptibly();
        if (syncBroken) {
            throw brokenDisk();
        }
    }

    @Override
    public void close() {
        records.clear();
    }
}
