package io.dynamokv.core.store;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.simulation.Samples;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** One replica of one key: the batch step over rows in memory, as a shard runs it, and the accidents that a directory can have (rule D2). */
final class Replica {
    static final StoreKey KEY = Samples.storeKey("list");
    static final long NOW_MILLIS = 1_000_000;

    private final RandomGenerator random;
    private final RecordLimits limits;
    private final Map<StoreKey, StoredRecord> rows = new LinkedHashMap<>();
    private final Map<StoreKey, StoredRecord> synced = new HashMap<>();
    private long starts;
    private BatchStep step;

    Replica(RandomGenerator random) {
        this(random, RecordLimits.DEFAULT);
    }

    Replica(RandomGenerator random, RecordLimits limits) {
        this.random = random;
        this.limits = limits;
        step = nextStart();
    }

    private BatchStep nextStart() {
        return new BatchStep(new BootId(++starts, random.nextLong()), random, limits);
    }

    BatchStep.Outcome apply(StoreOperation... operations) {
        BatchStep.Outcome outcome = step.apply(List.of(operations), rows);
        rows.putAll(outcome.changes());
        return outcome;
    }

    /** The record after the operation, which must not have been refused. */
    VersionedRecord held(StoreOperation operation) {
        StoreResult result = apply(operation).results().getFirst();
        if (result instanceof StoreResult.Held(VersionedRecord record)) {
            return record;
        }
        throw new AssertionError(operation + " was answered by " + result);
    }

    static StoreOperation.Put putOf(Content content, VersionVector context) {
        return new StoreOperation.Put(KEY, context, content, new Bucket("carts", Conflicts.SIBLINGS), NOW_MILLIS);
    }

    static StoreOperation.Put putOf(String text) {
        return putOf(Samples.content(text), VersionVector.EMPTY);
    }

    static StoreOperation.Delete deleteOf(VersionVector context) {
        return new StoreOperation.Delete(KEY, VersionedRecord.EMPTY, context, NOW_MILLIS);
    }

    VersionedRecord put(String text) {
        return held(putOf(text));
    }

    VersionedRecord put(Content content, VersionVector context) {
        return held(putOf(content, context));
    }

    VersionedRecord delete(VersionVector context) {
        return held(deleteOf(context));
    }

    VersionedRecord receive(Replica from) {
        return held(new StoreOperation.Join(KEY, from.record()));
    }

    StoredRecord stored() {
        return rows.getOrDefault(KEY, StoredRecord.NONE);
    }

    VersionedRecord record() {
        return stored().record();
    }

    void sync() {
        synced.clear();
        synced.putAll(rows);
    }

    /** The unsynced tail is gone; the same directory starts again. */
    void crashAndRestart() {
        rows.clear();
        rows.putAll(synced);
        step = nextStart();
    }

    /** The record is delivered elsewhere, or reaped: the row goes, with all that is in it. */
    void drop() {
        rows.clear();
        synced.clear();
    }

    /** This directory is replaced by a copy of that one, of whatever age, and starts. */
    void startFromCopyOf(Replica other) {
        rows.clear();
        rows.putAll(other.synced);
        sync();
        starts = Math.max(starts, other.starts);
        step = nextStart();
    }
}
