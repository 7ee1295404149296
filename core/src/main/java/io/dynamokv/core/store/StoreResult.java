package io.dynamokv.core.store;

import io.dynamokv.core.version.VersionedRecord;

/** What became of a {@link StoreOperation}. */
public sealed interface StoreResult {
    /** Done, or known to have been done before (rule W4). This is what the replica holds now. */
    record Held(VersionedRecord record) implements StoreResult {}

    /** Refused, and nothing was stored (rule W6). */
    record LimitExceeded(String limit, long value, long max) implements StoreResult {}

    /** Refused, and nothing was stored: the id belongs to another request (rule W4). */
    record RequestIdReused() implements StoreResult {}

    /** The storage broke; it may hold the write or not. */
    record Failed(String why) implements StoreResult {}
}
