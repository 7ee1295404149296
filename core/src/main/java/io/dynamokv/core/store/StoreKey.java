package io.dynamokv.core.store;

import io.dynamokv.core.ring.Key;
import java.util.Objects;

/** Where a record lies: the partition that its token falls into, and the key. */
public record StoreKey(int partition, Key key) {
    public StoreKey {
        Objects.requireNonNull(key, "key");
    }
}
