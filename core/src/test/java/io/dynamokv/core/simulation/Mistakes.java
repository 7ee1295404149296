package io.dynamokv.core.simulation;

import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.handoff.HintLedger;
import io.dynamokv.core.store.BatchStep;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.LeafDeltas;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.WriterMark;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What a node does wrong that has a {@link Mutation}. */
final class Mistakes {
    private static final int HINT_AGE_MILLIS = 3000;

    private final Map<StoreKey, WriterMark> marks = new LinkedHashMap<>();
    private final Map<StoreKey, Long> keptSinceMillis = new LinkedHashMap<>();

    BatchStep.Outcome apply(
            Mutation mutation,
            BatchStep step,
            List<StoreOperation> operations,
            Map<StoreKey, StoredRecord> rows,
            RandomGenerator random) {
        return switch (mutation) {
            case JOIN_OVERWRITES -> oneByOne(step, operations, rows, true);
            case BATCH_WITHOUT_OVERLAY -> oneByOne(step, operations, rows, false);
            case REPEAT_APPLIED_TWICE ->
                step.apply(
                        operations.stream()
                                .map(operation -> withFreshId(operation, random))
                                .toList(),
                        rows);
            case HINT_DROPPED_AFTER_AN_OLDER_ONE ->
                step.apply(
                        operations.stream()
                                .map(operation -> deliveredWhateverIsHeld(operation, rows))
                                .toList(),
                        rows);
            case STAND_IN_KEEPS_ITS_WRITER -> withMarksOfRowsThatWent(step, operations, rows);
            case NONE,
                    REAP_WITHOUT_ASKING_ALL,
                    LATE_MESSAGES_ARE_READ,
                    HINT_DROPPED_BY_AGE,
                    SAME_BOOT_AFTER_CRASH,
                    RESTORED_COPY_SERVES,
                    EQUAL_START_NUMBER_IS_LET_IN,
                    CONTEXT_AFTER_BLIND_PUT,
                    REFUSED_AFTER_STORING,
                    REFUSED_AFTER_A_TAKEOVER,
                    ONE_WRITE_VOTE_LESS,
                    ONE_READ_VOTE_LESS,
                    ACKNOWLEDGED_BEFORE_SYNC,
                    LEAF_OUTSIDE_OF_THE_BATCH,
                    A_MISSED_WRITE_OWES_NOTHING,
                    AN_EXCHANGE_WRITES_NOTHING,
                    A_FAILED_EXCHANGE_IS_NOT_GIVEN_UP,
                    HINTS_ARE_FORGOTTEN_AT_A_START,
                    HINT_DROPPED_UNCONFIRMED,
                    DOWN_FOR_GOOD,
                    NO_DEADLINE -> step.apply(operations, rows);
        };
    }

    private static BatchStep.Outcome oneByOne(
            BatchStep step, List<StoreOperation> operations, Map<StoreKey, StoredRecord> rows, boolean overwrite) {
        var results = new ArrayList<StoreResult>();
        var changes = new LinkedHashMap<StoreKey, StoredRecord>();
        for (StoreOperation operation : operations) {
            Map<StoreKey, StoredRecord> before = overwrite ? new LinkedHashMap<>(rows) : rows;
            if (overwrite) {
                before.putAll(changes);
                if (operation instanceof StoreOperation.Join) {
                    before.remove(operation.key());
                }
            }
            BatchStep.Outcome one = step.apply(List.of(operation), before);
            results.addAll(one.results());
            changes.putAll(one.changes());
        }
        return new BatchStep.Outcome(results, changes, LeafDeltas.of(rows, changes));
    }

    private static StoreOperation withFreshId(StoreOperation operation, RandomGenerator random) {
        if (!(operation instanceof StoreOperation.Put put)) {
            return operation;
        }
        Content content = put.content();
        return new StoreOperation.Put(
                put.key(),
                put.context(),
                new Content(
                        RequestId.of(Long.toHexString(random.nextLong())),
                        content.digest(),
                        content.contentType(),
                        content.value()),
                put.bucket(),
                put.nowMillis(),
                put.slots());
    }

    private static StoreOperation deliveredWhateverIsHeld(StoreOperation operation, Map<StoreKey, StoredRecord> rows) {
        return operation instanceof StoreOperation.Delivered(StoreKey key, VersionedRecord _, HintedSlots slots)
                ? new StoreOperation.Delivered(
                        key, rows.getOrDefault(key, StoredRecord.NONE).record(), slots)
                : operation;
    }

    /** Remembers the writers of rows that went. */
    private BatchStep.Outcome withMarksOfRowsThatWent(
            BatchStep step, List<StoreOperation> operations, Map<StoreKey, StoredRecord> rows) {
        var asIfTheyWereThere = new LinkedHashMap<>(rows);
        marks.forEach((key, mark) -> asIfTheyWereThere.putIfAbsent(key, new StoredRecord(VersionedRecord.EMPTY, mark)));
        BatchStep.Outcome outcome = step.apply(operations, asIfTheyWereThere);
        outcome.changes().forEach((key, after) -> {
            WriterMark mark = after.mark();
            if (mark != null) {
                marks.put(key, mark);
            }
        });
        return outcome;
    }

    void dropOldHints(Mutation mutation, SimulatedDisk disk, HintLedger hints, long nowMillis) {
        if (mutation != Mutation.HINT_DROPPED_BY_AGE) {
            return;
        }
        keptSinceMillis.keySet().retainAll(disk.rows().keySet());
        var dropped = new LinkedHashMap<StoreKey, StoredRecord>();
        disk.rows().forEach((key, row) -> {
            if (!row.slots().isEmpty()
                    && nowMillis - keptSinceMillis.computeIfAbsent(key, _ -> nowMillis) > HINT_AGE_MILLIS) {
                dropped.put(key, StoredRecord.NONE);
                hints.changed(key.partition(), row, StoredRecord.NONE);
            }
        });
        disk.write(dropped, Map.of());
    }

    /** What the machine is told that the client asked for. */
    static ClientRequest heard(Mutation mutation, ClientRequest asked) {
        return switch (asked) {
            case ClientRequest.Get get
            when mutation == Mutation.ONE_READ_VOTE_LESS ->
                new ClientRequest.Get(get.key(), Math.max(1, get.readQuorum() - 1));
            case ClientRequest.Put put
            when mutation == Mutation.ONE_WRITE_VOTE_LESS ->
                new ClientRequest.Put(put.key(), put.context(), put.content(), Math.max(1, put.writeQuorum() - 1));
            case ClientRequest.Get _, ClientRequest.Put _, ClientRequest.Delete _ -> asked;
        };
    }

    /** @param afterTakeover of a forwarder that has asked a second node */
    static Outcome answer(
            Mutation mutation, ClientRequest request, Outcome right, boolean afterTakeover, SimulatedDisk disk) {
        boolean refuses = mutation == Mutation.REFUSED_AFTER_STORING
                || mutation == Mutation.REFUSED_AFTER_A_TAKEOVER && afterTakeover;
        if (refuses
                && right instanceof Outcome.Unknown(int needed, int received)
                && !(request instanceof ClientRequest.Get)) {
            return new Outcome.Refused(needed, received);
        }
        if (mutation == Mutation.CONTEXT_AFTER_BLIND_PUT
                && request instanceof ClientRequest.Put
                && right instanceof Outcome.Written(VersionVector _, boolean sloppy)) {
            VersionedRecord held =
                    disk.read(new StoreKey(Samples.PARTITION, request.key())).record();
            return new Outcome.Written(held.context(), sloppy);
        }
        return right;
    }
}
