package io.dynamokv.core.store;

/** A stored record and where it lies, as a scan finds them. */
public record StoredRow(StoreKey key, StoredRecord stored) {}
