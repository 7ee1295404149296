package io.dynamokv.core.simulation;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.store.Page;
import io.dynamokv.core.store.ReplicaStore;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A replica's rows and leaves. What a sync reached stays; of the batches after it a crash leaves the first few (the store's failure contract). */
final class SimulatedDisk implements ReplicaStore {
    private interface Batch {
        void applyTo(Rows rows);
    }

    private final ArrayDeque<Batch> unsynced = new ArrayDeque<>();
    private Rows durable = new Rows();
    private Rows rows = new Rows();
    private long syncedBatches;

    Map<StoreKey, StoredRecord> rows() {
        return rows.records();
    }

    StoredRecord read(StoreKey key) {
        return rows().getOrDefault(key, StoredRecord.NONE);
    }

    @Override
    public Map<StoreKey, StoredRecord> read(Collection<StoreKey> keys) {
        return rows.read(keys);
    }

    @Override
    public void write(Map<StoreKey, StoredRecord> changes, Map<Leaf, Long> leaves) {
        write(target -> target.write(changes, leaves));
    }

    @Override
    public Page scan(Span span, long bytesMax) {
        return rows.scan(span, bytesMax);
    }

    @Override
    public Optional<LeafTable> leaves(int partition) {
        return rows.leaves(partition);
    }

    @Override
    public void replaceLeaves(int partition, @Nullable LeafTable leaves) {
        LeafTable written = leaves == null ? null : leaves.copy();
        write(target -> target.replaceLeaves(partition, written));
    }

    private void write(Batch batch) {
        unsynced.add(batch);
        batch.applyTo(rows);
    }

    /** How many batches were ever written: a sync that begins now reaches up to here. */
    long writtenBatches() {
        return syncedBatches + unsynced.size();
    }

    void syncedUpTo(long batches) {
        while (syncedBatches < batches) {
            unsynced.removeFirst().applyTo(durable);
            syncedBatches++;
        }
    }

    @Override
    public void sync() {
        syncedUpTo(writtenBatches());
    }

    /** How many batches it took. */
    int crash(RandomGenerator random) {
        syncedUpTo(syncedBatches + random.nextInt(unsynced.size() + 1));
        int lost = unsynced.size();
        unsynced.clear();
        rows = durable.copy();
        return lost;
    }

    /** All of it. */
    void lose() {
        restore(new Rows());
    }

    /** A copy of what a crash would leave. */
    Rows durable() {
        return durable.copy();
    }

    void restore(Rows copy) {
        unsynced.clear();
        durable = copy.copy();
        rows = copy.copy();
    }

    @Override
    public void close() {
        unsynced.clear();
    }
}
