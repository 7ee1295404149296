package io.dynamokv.core.store;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.RecordCodec;
import io.dynamokv.core.version.Sibling;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The pure step of a shard's batch (rule W2): operations apply in order on an overlay over what the store held, so the second one on
 * a key sees the first one's result. The only place where dots are issued (rule D2).
 */
public final class BatchStep {
    private final BootId boot;
    private final RandomGenerator random;
    private final RecordLimits limits;

    /** What the operations answered, in their order, what is to be written, all of it at once, and the leaves that change by it. */
    public record Outcome(List<StoreResult> results, Map<StoreKey, StoredRecord> changes, Map<Leaf, Long> leafDeltas) {}

    /** @param random draws writers; two nodes' generators must not be related */
    public BatchStep(BootId boot, RandomGenerator random, RecordLimits limits) {
        this.boot = boot;
        this.random = random;
        this.limits = limits;
    }

    /** @param before what the store holds for the operations' keys; absent ones hold nothing */
    public Outcome apply(List<? extends StoreOperation> operations, Map<StoreKey, StoredRecord> before) {
        var results = new ArrayList<StoreResult>(operations.size());
        var changes = new LinkedHashMap<StoreKey, StoredRecord>();
        for (StoreOperation operation : operations) {
            StoredRecord held = changes.get(operation.key());
            if (held == null) {
                held = before.getOrDefault(operation.key(), StoredRecord.NONE);
            }
            results.add(applyOne(operation, held, changes));
        }
        return new Outcome(results, changes, LeafDeltas.of(before, changes));
    }

    private StoreResult applyOne(StoreOperation operation, StoredRecord held, Map<StoreKey, StoredRecord> changes) {
        return switch (operation) {
            case StoreOperation.Read _ -> new StoreResult.Held(held.record());
            case StoreOperation.Join join ->
                hold(
                        join.key(),
                        held,
                        held.holding(held.record().join(join.record()).withoutSuperseded(), held.mark(), join.slots()),
                        changes);
            case StoreOperation.Put put -> put(put, held, changes);
            case StoreOperation.Delete delete ->
                hold(
                        delete.key(),
                        held,
                        held.holding(
                                held.record()
                                        .join(delete.seen())
                                        .discard(delete.context(), delete.nowMillis())
                                        .withoutSuperseded(),
                                held.mark(),
                                delete.slots()),
                        changes);
            case StoreOperation.Delivered delivered -> delivered(delivered, held, changes);
            case StoreOperation.Reap reap -> reap(reap, held, changes);
        };
    }

    private StoreResult put(StoreOperation.Put put, StoredRecord held, Map<StoreKey, StoredRecord> changes) {
        VersionedRecord record = held.record();
        Content content = put.content();
        if (record.holds(content) || record.isSuperseded(content)) {
            return hold(put.key(), held, held.holding(record, held.mark(), put.slots()), changes);
        }
        if (record.knows(content.requestId())) {
            return new StoreResult.RequestIdReused();
        }
        VersionVector context =
                put.bucket().conflicts() == Conflicts.LATEST ? record.vector().join(put.context()) : put.context();
        WriterMark mark = markFor(held, context);
        var dot = new Dot(mark.writer(), record.vector().counter(mark.writer()) + 1);
        var time = latestTime(record).next(put.nowMillis());
        VersionedRecord updated = record.update(context, new TimedDot(dot, time), content);
        int siblingsMax = put.bucket().siblingsMax(limits.siblingsMax());
        if (updated.siblings().size() > siblingsMax) {
            return new StoreResult.LimitExceeded("siblings", updated.siblings().size(), siblingsMax);
        }
        int bytes = RecordCodec.size(updated);
        if (bytes > limits.recordBytesMax()) {
            return new StoreResult.LimitExceeded("recordBytes", bytes, limits.recordBytesMax());
        }
        return hold(put.key(), held, held.holding(updated, mark, put.slots()), changes);
    }

    /**
     * The writer for the next dot. One of another start is not used again: an unsynced tail may have been lost with dots that
     * other replicas have, or the directory may be a copy; its next dot would cover a value that nobody overwrote (rule D2). Nor is one
     * of which the client has seen more than this record has.
     */
    private WriterMark markFor(StoredRecord held, VersionVector context) {
        WriterMark mark = held.mark();
        if (mark != null && mark.boot().equals(boot)) {
            WriterId writer = mark.writer();
            if (held.record().vector().counter(writer) >= context.counter(writer)) {
                return mark;
            }
        }
        return new WriterMark(new WriterId(random.nextLong()), boot);
    }

    private static HybridTime latestTime(VersionedRecord record) {
        return record.latest().map(Sibling::time).orElse(new HybridTime(0));
    }

    /**
     * 1. The owner confirms v1; 2. meanwhile v2 is coordinated here; 3. dropped for v1's sake, v2 would be gone (rule H1). What an owner holds is
     * nobody's hint and stays.
     */
    private static StoreResult delivered(
            StoreOperation.Delivered delivered, StoredRecord held, Map<StoreKey, StoredRecord> changes) {
        if (held.slots().isEmpty() || !isSame(held.record(), delivered.record())) {
            return new StoreResult.Held(held.record());
        }
        HintedSlots left = held.slots().without(delivered.slots());
        StoredRecord kept = left.isEmpty() ? StoredRecord.NONE : new StoredRecord(held.record(), held.mark(), left);
        if (!left.equals(held.slots())) {
            changes.put(delivered.key(), kept);
        }
        return new StoreResult.Held(kept.record());
    }

    private static StoreResult reap(StoreOperation.Reap reap, StoredRecord held, Map<StoreKey, StoredRecord> changes) {
        if (new Tombstone(reap.key().key(), reap.vector()).isHeldAs(held)) {
            changes.put(reap.key(), StoredRecord.NONE);
            return new StoreResult.Held(VersionedRecord.EMPTY);
        }
        return new StoreResult.Held(held.record());
    }

    private static StoreResult hold(
            StoreKey key, StoredRecord held, StoredRecord next, Map<StoreKey, StoredRecord> changes) {
        if (!next.slots().equals(held.slots()) || !isSame(next.record(), held.record())) {
            changes.put(key, next);
        }
        return new StoreResult.Held(next.record());
    }

    /** Equal to the byte, and not only as values are (rule D3): superseded ids and the time of a delete too. */
    private static boolean isSame(VersionedRecord one, VersionedRecord other) {
        return one.equals(other)
                && one.deletedAtMillis() == other.deletedAtMillis()
                && one.superseded().equals(other.superseded());
    }
}
