package io.dynamokv.core.store;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafHash;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a batch changes in the hash trees: by leaf, the XOR of its keys' hashes before and after the batch (rule W2). */
public final class LeafDeltas {
    private LeafDeltas() {}

    /** @param before what the store held for the changed keys; absent ones held nothing */
    public static Map<Leaf, Long> of(Map<StoreKey, StoredRecord> before, Map<StoreKey, StoredRecord> changes) {
        var deltas = LinkedHashMap.<Leaf, Long>newLinkedHashMap(changes.size());
        changes.forEach((key, after) -> {
            StoredRecord held = before.getOrDefault(key, StoredRecord.NONE);
            long delta = LeafHash.of(key.key(), held.record()) ^ LeafHash.of(key.key(), after.record());
            if (delta != 0) {
                deltas.merge(key.leaf(), delta, (one, other) -> one ^ other);
            }
        });
        return deltas;
    }
}
