package io.dynamokv.core.simulation;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.BatchStep;
import io.dynamokv.core.store.LeafTables;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.WriterMark;
import io.dynamokv.core.version.VersionedRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Batches on a simulated node's disk, as a shard runs them, from a start to its end; and the hash tree of what is there. */
final class SimulatedStore {
    private record Wanted(StoreOperation operation, Consumer<StoreResult> stored, Runnable synced) {}

    private final SimulatedNode node;
    private final Cluster cluster;
    private final SimulatedDisk disk;
    private final BatchStep step;
    private final LeafTables leaves;
    private List<Wanted> wanted = new ArrayList<>();

    SimulatedStore(SimulatedNode node, Cluster cluster) {
        this.node = node;
        this.cluster = cluster;
        disk = node.disk();
        step = new BatchStep(node.boot(), cluster.random(), cluster.plan().limits());
        leaves = new LeafTables(disk);
    }

    void store(StoreOperation operation, Consumer<StoreResult> stored, Runnable synced) {
        wanted.add(new Wanted(operation, stored, synced));
        if (wanted.size() == 1) {
            node.later(cluster.storeDelayMillis(), this::drain);
        }
    }

    private void drain() {
        List<Wanted> batch = wanted;
        wanted = new ArrayList<>();
        List<StoreOperation> operations = batch.stream().map(Wanted::operation).toList();
        List<StoreResult> results = executeOnDisk(operations);
        var toSync = new ArrayList<Runnable>();
        for (int i = 0; i < batch.size(); i++) {
            Wanted one = batch.get(i);
            if (results.get(i) instanceof StoreResult.Held && !(one.operation() instanceof StoreOperation.Read)) {
                toSync.add(one.synced());
            }
            one.stored().accept(results.get(i));
        }
        long reached = disk.writtenBatches();
        node.later(cluster.syncDelayMillis(), () -> {
            disk.syncedUpTo(reached);
            toSync.forEach(Runnable::run);
        });
    }

    private List<StoreResult> executeOnDisk(List<StoreOperation> operations) {
        BatchStep.Outcome outcome = cluster.plan().mutation() == Mutation.NONE
                ? step.apply(operations, disk.rows())
                : node.mistakes().apply(cluster.plan().mutation(), step, operations, disk.rows(), cluster.random());
        tell(operations, outcome);
        if (!outcome.changes().isEmpty()) {
            outcome.changes().forEach(node.hints()::rowChanges);
            node.hints().replaySoon();
        }
        Map<Leaf, Long> changedLeaves = leaves.apply(outcome.leafDeltas());
        if (cluster.plan().mutation() == Mutation.LEAF_OUTSIDE_OF_THE_BATCH) {
            disk.write(outcome.changes(), Map.of());
            disk.write(Map.of(), changedLeaves);
        } else if (!outcome.changes().isEmpty()) {
            disk.write(outcome.changes(), changedLeaves);
        }
        return outcome.results();
    }

    private void tell(List<StoreOperation> operations, BatchStep.Outcome outcome) {
        List<StoreResult> results = outcome.results();
        Map<StoreKey, VersionedRecord> held = new HashMap<>();
        for (int i = 0; i < operations.size(); i++) {
            StoreOperation operation = operations.get(i);
            StoreKey key = operation.key();
            VersionedRecord before =
                    held.computeIfAbsent(key, read -> disk.read(read).record());
            if (results.get(i) instanceof StoreResult.Held(VersionedRecord after)) {
                tell(operation, before, after, outcome.changes().getOrDefault(key, StoredRecord.NONE));
                judge(operation, before, after);
                held.put(key, after);
            }
        }
    }

    /** @param row what the whole batch makes of the key's */
    private void tell(StoreOperation operation, VersionedRecord before, VersionedRecord after, StoredRecord row) {
        if (operation instanceof StoreOperation.Reap && after.isEmpty() && !before.isEmpty()) {
            cluster.paths().took(Paths.Path.REAPED);
        }
        if (operation instanceof StoreOperation.Put put) {
            stored(put, before, after, row.mark());
        }
        if (operation instanceof StoreOperation.Join join
                && before.join(join.record()).siblings().stream()
                        .anyMatch(sibling -> !after.holds(sibling.content()))) {
            cluster.paths().took(Paths.Path.SUPERSEDED_COPY_REMOVED);
        }
        if (operation instanceof StoreOperation.Delivered delivered
                && !after.isEmpty()
                && !before.equals(delivered.record())) {
            cluster.paths().took(Paths.Path.HINT_KEPT);
        }
    }

    private void judge(StoreOperation operation, VersionedRecord before, VersionedRecord after) {
        if (!cluster.plan().looksIntoStores()) {
            return;
        }
        Key key = operation.key().key();
        switch (operation) {
            case StoreOperation.Join join -> cluster.oracle().checkStored(key, before, join.record(), after);
            case StoreOperation.Put _, StoreOperation.Delete _ ->
                cluster.oracle().checkStored(key, before, VersionedRecord.EMPTY, after);
            case StoreOperation.Read _, StoreOperation.Reap _, StoreOperation.Delivered _ -> {
                // These change no siblings; a row that is kept for nobody goes as it is.
            }
        }
    }

    private void stored(
            StoreOperation.Put put, VersionedRecord before, VersionedRecord after, @Nullable WriterMark drawn) {
        if (before.holds(put.content()) || before.isSuperseded(put.content())) {
            cluster.paths().took(Paths.Path.REPEATED_ID);
            return;
        }
        WriterMark mark = disk.read(put.key()).mark();
        if (mark != null
                && !mark.boot().equals(node.boot())
                && drawn != null
                && !drawn.writer().equals(mark.writer())) {
            cluster.paths().took(Paths.Path.FRESH_WRITER);
        }
        cluster.oracle()
                .executed(
                        new String(put.content().value(), StandardCharsets.UTF_8),
                        node.copyOf(put.key().key()));
        cluster.dots().stored(node.id(), put, before, after);
    }

    void keepLeaves() {
        if (cluster.owners().contains(node.id())) {
            leaves.keep(Samples.PARTITION);
        }
    }

    /** An owner's, and nobody else's. */
    @Nullable
    LeafTable tree() {
        return leaves.table(Samples.PARTITION);
    }

    /** An owner's tree, in memory and on disk, is that of its rows; nobody else keeps one. */
    void checkLeaves() {
        boolean owner = cluster.owners().contains(node.id());
        Optional<LeafTable> expected =
                owner ? Optional.of(leaves.fromRows(Span.ofPartition(Samples.PARTITION))) : Optional.empty();
        if (!expected.equals(Optional.ofNullable(tree())) || !expected.equals(disk.leaves(Samples.PARTITION))) {
            throw new Violation(
                    Invariant.TREES_ARE_THOSE_OF_THEIR_ROWS,
                    "the leaves of " + node.id() + " are not those of its rows");
        }
    }
}
