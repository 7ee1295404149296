package io.dynamokv.core.antientropy;

import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.StoreKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What two replicas hold of the same leaves, as far as both have listed it.
 *
 * @param otherThere keys that only the peer holds, or of which it holds another record
 * @param onlyHere keys that the peer holds nothing of
 * @param reached the key up to which this is said; null if it is all
 */
record KeyComparison(
        List<Key> otherThere,
        List<Key> onlyHere,
        long keysCompared,
        @Nullable Key reached) {
    static KeyComparison of(ExchangeReply.Listed here, ExchangeReply.Listed there) {
        Key reached = earlier(endOf(here), endOf(there));
        Map<Key, Long> mine = upTo(reached, here.keys());
        Map<Key, Long> theirs = upTo(reached, there.keys());
        var otherThere = new ArrayList<Key>();
        var onlyHere = new ArrayList<Key>();
        for (KeyHash key : there.keys()) {
            Long their = theirs.get(key.key());
            if (their != null && !their.equals(mine.get(key.key()))) {
                otherThere.add(key.key());
            }
        }
        for (KeyHash key : here.keys()) {
            if (mine.containsKey(key.key()) && !theirs.containsKey(key.key())) {
                onlyHere.add(key.key());
            }
        }
        return new KeyComparison(otherThere, onlyHere, theirs.size() + (long) onlyHere.size(), reached);
    }

    private static @Nullable Key endOf(ExchangeReply.Listed listed) {
        return listed.isLast() ? null : listed.keys().getLast().key();
    }

    private static @Nullable Key earlier(@Nullable Key one, @Nullable Key other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return isBehind(one, other) ? other : one;
    }

    private static Map<Key, Long> upTo(@Nullable Key reached, List<KeyHash> keys) {
        var hashes = new LinkedHashMap<Key, Long>();
        for (KeyHash key : keys) {
            if (reached == null || !isBehind(key.key(), reached)) {
                hashes.put(key.key(), key.hash());
            }
        }
        return hashes;
    }

    /** Both lists are of one partition, so its number does not matter. */
    private static boolean isBehind(Key key, Key other) {
        return new StoreKey(0, key).compareTo(new StoreKey(0, other)) > 0;
    }
}
