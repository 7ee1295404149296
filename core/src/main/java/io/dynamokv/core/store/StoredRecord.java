package io.dynamokv.core.store;

import io.dynamokv.core.version.VersionedRecord;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a replica keeps of a key: the record, and its own writer's mark if it ever coordinated a write. */
public record StoredRecord(VersionedRecord record, @Nullable WriterMark mark) {
    public static final StoredRecord NONE = new StoredRecord(VersionedRecord.EMPTY, null);

    public StoredRecord {
        Objects.requireNonNull(record, "record");
    }
}
