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

    /** @param stored a record that is a tombstone */
    public static Tombstone of(StoreKey key, StoredRecord stored) {
        return new Tombstone(key.key(), stored.record().vector());
    }

    /** An owner's row is exactly this, and nothing else was joined to it since. */
    public boolean isHeldAs(StoredRecord stored) {
        return stored.record().isTombstone()
                && stored.slots().isEmpty()
                && stored.record().vector().equals(vector);
    }
}
