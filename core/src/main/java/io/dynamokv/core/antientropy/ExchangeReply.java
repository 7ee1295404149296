package io.dynamokv.core.antientropy;

import io.dynamokv.core.merkle.LeafTable;
import java.util.List;

/** What a replica answers to an {@link ExchangeRequest}. */
public sealed interface ExchangeReply {
    record Same() implements ExchangeReply {}

    /** @param leaves a copy of the tree's */
    record Differs(LeafTable leaves) implements ExchangeReply {}

    /**
     * @param keys in the order of rows
     * @param isLast whether there are no more; else the last key says how far the answer goes
     */
    record Listed(List<KeyHash> keys, boolean isLast) implements ExchangeReply {
        public Listed {
            keys = List.copyOf(keys);
            requireEnd(keys, isLast);
        }
    }

    /**
     * @param records in the order of rows, or of the keys that were asked for; a key that holds nothing has the empty record
     * @param isLast whether that is all; else the last key says how far the answer goes
     */
    record Fetched(List<KeyRecord> records, boolean isLast) implements ExchangeReply {
        public Fetched {
            records = List.copyOf(records);
            requireEnd(records, isLast);
        }
    }

    /** @param hashes what is held now of each key, in the order of the request */
    record Joined(List<Long> hashes) implements ExchangeReply {
        public Joined {
            hashes = List.copyOf(hashes);
        }
    }

    /** Not done: the replica is overloaded, or owns no slot of the partition, or has another map. */
    record Declined(String why) implements ExchangeReply {}

    private static void requireEnd(List<?> answered, boolean isLast) {
        if (answered.isEmpty() && !isLast) {
            throw new IllegalArgumentException("an answer with nothing in it is the last one");
        }
    }
}
