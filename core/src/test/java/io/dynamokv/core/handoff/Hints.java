package io.dynamokv.core.handoff;

import io.dynamokv.core.simulation.Samples;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;

/** Rows that are kept for others. */
final class Hints {
    private Hints() {}

    static StoredRecord row(String text, HintedSlots slots) {
        return new StoredRecord(record(text), null, slots);
    }

    static VersionedRecord record(String text) {
        var dot = new TimedDot(new Dot(new WriterId(1), 1), HybridTime.ofMillis(1));
        return VersionedRecord.EMPTY.update(VersionVector.EMPTY, dot, Samples.content(text));
    }
}
