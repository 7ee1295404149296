package io.dynamokv.core.antientropy;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.merkle.LeafHash;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.simulation.Rows;
import io.dynamokv.core.simulation.Samples;
import io.dynamokv.core.store.BatchStep;
import io.dynamokv.core.store.LeafTables;
import io.dynamokv.core.store.RecordLimits;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** One owner of a partition: the batch step, rows and their tree in memory, and what it answers to an exchange, as a shard does it. */
final class Owner {
    static final int PARTITION = Samples.PARTITION;

    private final RandomGenerator random;
    private final Rows rows = new Rows();
    private final LeafTables leaves = new LeafTables(rows);
    private final ReplicaReader reader;
    private final BatchStep step;
    private int requests;

    Owner(RandomGenerator random, ExchangeLimits limits) {
        this.random = random;
        reader = new ReplicaReader(PARTITION, rows, limits);
        step = new BatchStep(new BootId(1, random.nextLong()), random, RecordLimits.DEFAULT);
        leaves.keep(PARTITION);
    }

    LeafTable tree() {
        return Objects.requireNonNull(leaves.table(PARTITION));
    }

    ExchangeReply answer(ExchangeRequest request) {
        return switch (request) {
            case ExchangeRequest.Compare compare -> ReplicaReader.compare(compare, tree());
            case ExchangeRequest.Reading reading -> reader.read(reading);
            case ExchangeRequest.Join join ->
                new ExchangeReply.Joined(join.records().stream()
                        .map(received -> LeafHash.of(received.key(), join(received.key(), received.record())))
                        .toList());
        };
    }

    long bytesRead() {
        return reader.bytesRead();
    }

    VersionedRecord join(Key key, VersionedRecord record) {
        return apply(new StoreOperation.Join(new StoreKey(PARTITION, key), record));
    }

    VersionedRecord put(Key key, VersionVector context, int bytes) {
        String request = random.nextLong() + " " + requests++;
        var content = Samples.content(request, "x".repeat(bytes), context);
        var bucket = new Bucket(key.bucket(), Conflicts.SIBLINGS);
        return apply(new StoreOperation.Put(new StoreKey(PARTITION, key), context, content, bucket, 1_000_000));
    }

    /** The very request that another owner may execute too (rule W4). */
    VersionedRecord putAsElsewhere(Key key, String request) {
        var content = Samples.content(request, request, VersionVector.EMPTY);
        var bucket = new Bucket(key.bucket(), Conflicts.SIBLINGS);
        return apply(
                new StoreOperation.Put(new StoreKey(PARTITION, key), VersionVector.EMPTY, content, bucket, 1_000_000));
    }

    VersionedRecord delete(Key key, VersionVector context) {
        return apply(
                new StoreOperation.Delete(new StoreKey(PARTITION, key), VersionedRecord.EMPTY, context, 1_000_000));
    }

    VersionedRecord reap(Key key, VersionVector tombstone) {
        return apply(new StoreOperation.Reap(new StoreKey(PARTITION, key), tombstone));
    }

    private VersionedRecord apply(StoreOperation operation) {
        BatchStep.Outcome outcome = step.apply(List.of(operation), rows.records());
        rows.write(outcome.changes(), leaves.apply(outcome.leafDeltas()));
        if (outcome.results().getFirst() instanceof StoreResult.Held(VersionedRecord record)) {
            return record;
        }
        throw new AssertionError(operation + " was answered by " + outcome.results());
    }

    VersionedRecord held(Key key) {
        return records().getOrDefault(key, VersionedRecord.EMPTY);
    }

    Map<Key, VersionedRecord> records() {
        var records = new LinkedHashMap<Key, VersionedRecord>();
        rows.records().forEach((key, stored) -> records.put(key.key(), stored.record()));
        return records;
    }
}
