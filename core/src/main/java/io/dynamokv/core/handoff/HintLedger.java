package io.dynamokv.core.handoff;

import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.version.RecordCodec;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many rows a node keeps for others, for whom, and how large they are. Filled by a scan at the start, and told of every change after it. */
public final class HintLedger {
    /** The rows that wait for one slot's owner. */
    public record Waiting(int partition, int slot) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            return Integer.compare(place(), other.place());
        }

        private int place() {
            return partition * HintedSlots.SLOTS_MAX + slot;
        }
    }

    private final SortedMap<Waiting, Integer> rows = new TreeMap<>();
    private long bytes;

    /** Nearly all changes are an owner's, and cost nothing here. */
    public void changed(int partition, StoredRecord before, StoredRecord after) {
        if (!before.slots().isEmpty()) {
            count(partition, before, -1);
        }
        if (!after.slots().isEmpty()) {
            count(partition, after, 1);
        }
    }

    private void count(int partition, StoredRecord row, int by) {
        bytes += (long) by * RecordCodec.size(row.record());
        for (int slot = 0; slot < HintedSlots.SLOTS_MAX; slot++) {
            if (row.slots().contains(slot)) {
                rows.merge(new Waiting(partition, slot), by, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
            }
        }
    }

    /** The slots that something waits for, in order. */
    public Iterable<Waiting> waiting() {
        return rows.keySet();
    }

    public int rows(Waiting slot) {
        return rows.getOrDefault(slot, 0);
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    public long bytes() {
        return bytes;
    }
}
