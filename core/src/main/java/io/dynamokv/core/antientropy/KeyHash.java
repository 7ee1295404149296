package io.dynamokv.core.antientropy;

import io.dynamokv.core.ring.Key;
import java.util.Objects;

/** A key and the hash of the record that a replica holds of it ({@link io.dynamokv.core.merkle.LeafHash}). */
public record KeyHash(Key key, long hash) {
    public KeyHash {
        Objects.requireNonNull(key, "key");
    }
}
