package io.dynamokv.core.store;

import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.VersionVector;
import java.util.Objects;

/** What a delete has left of a key: a record that covers all that was there and holds nothing (rule D5). */
public record Tombstone(Key key, VersionVector vector) {
    public Tombstone {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(vector, "vector");
    }

    /** @param row whose record is a tombstone */
    public static Tombstone of(StoredRow row) {
        return new Tombstone(row.key().key(), row.stored().record().vector());
    }

    /** An owner's row is exactly this, and nothing else was joined to it since. */
    public boolean isHeldAs(StoredRecord stored) {
        return stored.record().isTombstone()
                && stored.slots().isEmpty()
                && stored.record().vector().equals(vector);
    }
}
