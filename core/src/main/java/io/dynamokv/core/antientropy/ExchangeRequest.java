package io.dynamokv.core.antientropy;

import io.dynamokv.core.ring.Key;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an exchange asks of a replica of the partition, be it the other one or its own. Asked twice, the second time changes nothing. */
public sealed interface ExchangeRequest {
    /** Is this the root of your tree? Answered by {@code Same} or {@code Differs}. */
    record Compare(long root) implements ExchangeRequest {}

    /** What the store alone can answer, beside the writes. */
    sealed interface Reading extends ExchangeRequest {}

    /**
     * Which keys with which hashes are in these leaves? Answered by {@code Listed}.
     *
     * @param leaves in rising order
     * @param after if not null, a key of the first of these leaves: only what lies behind it
     */
    record ListKeys(List<Integer> leaves, @Nullable Key after) implements Reading {
        public ListKeys {
            leaves = List.copyOf(leaves);
        }
    }

    /** What do you hold of these keys? Answered by {@code Fetched}. */
    record FetchKeys(List<Key> keys) implements Reading {
        public FetchKeys {
            keys = List.copyOf(keys);
        }
    }

    /**
     * What do you hold in the leaves from the first to the last? Answered by {@code Fetched}.
     *
     * @param after if not null, a key of the first leaf: only what lies behind it
     */
    record FetchLeaves(int firstLeaf, @Nullable Key after, int lastLeaf) implements Reading {}

    /** Join these records and answer once they are durable (rules D3, V2). Answered by {@code Joined}. */
    record Join(List<KeyRecord> records) implements ExchangeRequest {
        public Join {
            records = List.copyOf(Objects.requireNonNull(records, "records"));
        }
    }
}
