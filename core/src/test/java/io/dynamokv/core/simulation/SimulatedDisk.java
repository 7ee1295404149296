package io.dynamokv.core.simulation;

import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.StoredRow;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A replica's rows. What a sync reached stays; of the batches after it a crash leaves the first few (the store's failure contract). */
final class SimulatedDisk {
    private final Map<StoreKey, StoredRecord> durable = new LinkedHashMap<>();
    private final ArrayDeque<Map<StoreKey, StoredRecord>> unsynced = new ArrayDeque<>();
    private final Map<StoreKey, StoredRecord> rows = new LinkedHashMap<>();
    private long syncedBatches;

    Map<StoreKey, StoredRecord> rows() {
        return rows;
    }

    StoredRecord read(StoreKey key) {
        return rows.getOrDefault(key, StoredRecord.NONE);
    }

    /** As a store does: in an order that does not change. */
    List<StoredRow> scan(@Nullable Key after, int rowsMax) {
        return rows.entrySet().stream()
                .filter(row -> !row.getValue().equals(StoredRecord.NONE))
                .map(row -> new StoredRow(row.getKey(), row.getValue()))
                .sorted(Comparator.comparing(row -> row.key().key().name()))
                .filter(row -> after == null || row.key().key().name().compareTo(after.name()) > 0)
                .limit(rowsMax)
                .toList();
    }

    void write(Map<StoreKey, StoredRecord> changes) {
        unsynced.add(changes);
        rows.putAll(changes);
    }

    /** How many batches were ever written: a sync that begins now reaches up to here. */
    long writtenBatches() {
        return syncedBatches + unsynced.size();
    }

    void syncedUpTo(long batches) {
        while (syncedBatches < batches) {
            durable.putAll(unsynced.removeFirst());
            syncedBatches++;
        }
    }

    /** How many batches it took. */
    int crash(RandomGenerator random) {
        syncedUpTo(syncedBatches + random.nextInt(unsynced.size() + 1));
        int lost = unsynced.size();
        unsynced.clear();
        rows.clear();
        rows.putAll(durable);
        return lost;
    }
}
