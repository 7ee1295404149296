package io.dynamokv.core.store;

import io.dynamokv.core.version.VersionedRecord;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a node keeps of a key: the record, its own writer's mark if it ever coordinated a write, and the slots for which it stands in. They are
 * one row, so they are written, synced and dropped together.
 */
public record StoredRecord(VersionedRecord record, @Nullable WriterMark mark, HintedSlots slots) {
    public static final StoredRecord NONE = new StoredRecord(VersionedRecord.EMPTY, null);

    public StoredRecord {
        Objects.requireNonNull(record, "record");
        Objects.requireNonNull(slots, "slots");
    }

    /** An owner's. */
    public StoredRecord(VersionedRecord record, @Nullable WriterMark mark) {
        this(record, mark, HintedSlots.NONE);
    }

    /** This with another record, kept for these slots too. One that holds nothing leaves no row, and nothing to be kept for anybody. */
    StoredRecord holding(VersionedRecord other, @Nullable WriterMark otherMark, HintedSlots more) {
        if (other.isEmpty()) {
            return NONE;
        }
        return new StoredRecord(other, otherMark, slots.with(more));
    }
}
