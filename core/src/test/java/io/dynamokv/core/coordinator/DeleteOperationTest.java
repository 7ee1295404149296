package io.dynamokv.core.coordinator;

import static io.dynamokv.core.coordinator.Script.A;
import static io.dynamokv.core.coordinator.Script.B;
import static io.dynamokv.core.coordinator.Script.C;
import static io.dynamokv.core.coordinator.Script.DEADLINE;
import static io.dynamokv.core.coordinator.Script.HEDGE;
import static io.dynamokv.core.coordinator.Script.KEY;
import static io.dynamokv.core.coordinator.Script.NOW_MILLIS;
import static io.dynamokv.core.coordinator.Script.allAlive;
import static io.dynamokv.core.coordinator.Script.answer;
import static io.dynamokv.core.coordinator.Script.delete;
import static io.dynamokv.core.coordinator.Script.fetch;
import static io.dynamokv.core.coordinator.Script.replicate;
import static io.dynamokv.core.coordinator.Script.with;
import static io.dynamokv.core.coordinator.Script.written;
import static io.dynamokv.core.simulation.Samples.PARTITION;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A delete at an owner of its key (rules D4, D5, W3; R = W = 2). */
class DeleteOperationTest {
    private static final VersionedRecord NONE = VersionedRecord.EMPTY;
    private static final VersionedRecord MILK = written(1, "milk");
    private static final VersionedRecord EGGS = written(2, "eggs");
    private static final VersionedRecord BOTH = MILK.join(EGGS);
    private static final VersionedRecord GONE = MILK.discard(MILK.context(), NOW_MILLIS);
    private static final VersionedRecord BOTH_GONE = BOTH.discard(BOTH.context(), NOW_MILLIS);
    private static final Effect READ_HERE = new Effect.Store(new StoreOperation.Read(KEY));

    private static Script of(ClientRequest.Delete request, Replicas replicas) {
        return new Script(new DeleteOperation(PARTITION, request, replicas, NOW_MILLIS));
    }

    private static Effect store(VersionedRecord seen, VersionVector context) {
        return new Effect.Store(new StoreOperation.Delete(KEY, seen, context, NOW_MILLIS));
    }

    private static Script withoutContext() {
        Script script = of(delete(null), allAlive(A));
        script.start();
        return script;
    }

    @Test
    void withAContextItRemovesAndReplicatesWithoutReading() {
        Script script = of(delete(MILK.context()), allAlive(A));

        assertEquals(List.of(DEADLINE, store(NONE, MILK.context())), script.start());
        assertEquals(List.of(replicate(B, GONE), replicate(C, GONE)), script.stored(GONE));
        assertEquals(List.of(), script.synced());
        assertEquals(answer(new Outcome.Written(null)), script.acknowledged(B));
        script.isDoneForGood();
    }

    @Test
    void withoutAContextItReadsRReplicasAndRemovesWhatItSaw() {
        Script script = of(delete(null), allAlive(A));

        assertEquals(List.of(DEADLINE, READ_HERE, fetch(B), HEDGE), script.start());
        assertEquals(List.of(), script.stored(MILK));
        assertEquals(List.of(store(BOTH, BOTH.context())), script.fetched(B, EGGS));
        assertEquals(List.of(replicate(B, BOTH_GONE), replicate(C, BOTH_GONE)), script.stored(BOTH_GONE));
        assertEquals(List.of(), script.acknowledged(B));
        assertEquals(answer(new Outcome.Written(null)), script.acknowledged(C));
        script.isDoneForGood();
    }

    @Test
    void whatIsNotThereIsDeletedWithoutAWrite() {
        Script script = withoutContext();

        assertEquals(List.of(), script.stored(NONE));
        assertEquals(answer(new Outcome.Written(null)), script.fetched(B, NONE));
        script.isDoneForGood();
    }

    /**
     * 1. A client has read the milk. 2. Another puts eggs, blind. 3. The first deletes what it saw: the eggs are left, one version. 4. With
     * the record's vector as its context its next put would overwrite the eggs, which it never saw.
     */
    @Test
    void noContextComesBackWhenAConcurrentVersionSurvives() {
        VersionedRecord eggsLeft = BOTH.discard(MILK.context(), NOW_MILLIS);
        Script script = of(delete(MILK.context()), allAlive(A));
        script.start();
        script.stored(eggsLeft);
        script.synced();

        assertEquals(answer(new Outcome.Written(null)), script.acknowledged(B));
    }

    @Test
    void tooFewCandidatesAreRefusedBeforeAnythingIsStored() {
        Replicas alone = with(A, Map.of(B, Liveness.DOWN, C, Liveness.DOWN));

        assertEquals(
                answer(new Outcome.Refused(2, 1)),
                of(delete(MILK.context()), alone).start());
        Script reading = of(delete(null), alone);
        assertEquals(answer(new Outcome.Refused(2, 1)), reading.start());
        reading.isDoneForGood();
    }

    /** Rule W3: nothing was stored yet. */
    @Test
    void whileItReadsAFailureIsARefusal() {
        Script failed = withoutContext();
        assertEquals(List.of(fetch(C)), failed.declined(B));
        assertEquals(answer(new Outcome.Refused(2, 0)), failed.declined(C));
        failed.isDoneForGood();

        Script late = withoutContext();
        assertEquals(answer(new Outcome.Refused(2, 0)), late.deadline());
        late.isDoneForGood();
    }

    @Test
    void whileItWritesAFailureIsUnknown() {
        Script failed = withoutContext();
        failed.stored(MILK);
        failed.fetched(B, MILK);
        failed.stored(GONE);
        failed.synced();
        assertEquals(List.of(), failed.declined(B));
        assertEquals(answer(new Outcome.Unknown(2, 1)), failed.declined(C));
        failed.isDoneForGood();

        Script late = withoutContext();
        late.stored(MILK);
        late.fetched(B, MILK);
        assertEquals(answer(new Outcome.Unknown(2, 0)), late.deadline());
        late.isDoneForGood();
    }

    @Test
    void aBrokenStoreIsUnknown() {
        Script script = of(delete(MILK.context()), allAlive(A));
        script.start();

        assertEquals(answer(new Outcome.Unknown(2, 0)), script.stored(new StoreResult.Failed("broken")));
    }

    @Test
    void aReadsHedgeInTheSecondHalfChangesNothing() {
        Script script = withoutContext();
        script.stored(MILK);
        script.fetched(B, MILK);

        assertEquals(List.of(), script.hedge());
    }

    /**
     * 1. The own disk is slow: B and C show the milk first, and the delete is stored behind the read. 2. The read's result arrives. Taken for the
     * delete's, it would go to B and C, whose acknowledgements would pass for theirs of the delete: acknowledged, and the milk is still there.
     */
    @Test
    void theOwnReplicasLateReadIsNotTakenForTheDelete() {
        Script script = withoutContext();
        assertEquals(List.of(fetch(C)), script.hedge());
        assertEquals(List.of(), script.fetched(B, MILK));
        assertEquals(List.of(store(MILK, MILK.context())), script.fetched(C, MILK));

        assertEquals(List.of(), script.stored(MILK));
        assertEquals(List.of(replicate(B, GONE), replicate(C, GONE)), script.stored(GONE));
        assertEquals(List.of(), script.acknowledged(B));
        assertEquals(answer(new Outcome.Written(null)), script.acknowledged(C));
        script.isDoneForGood();
    }

    @Test
    void theOwnReplicasLateFailureToReadIsNotTakenForTheDeletes() {
        Script script = withoutContext();
        script.hedge();
        script.fetched(B, MILK);
        script.fetched(C, MILK);

        assertEquals(List.of(), script.stored(new StoreResult.Failed("one bad block")));
        assertEquals(List.of(replicate(B, GONE), replicate(C, GONE)), script.stored(GONE));
    }

    /**
     * 1. B's reply to the read is slow, C is asked too and answers. 2. The delete goes to B and C. 3. The read at B is lost. 4. B acknowledges the
     * delete: that is a vote, for the loss was not the delete's.
     */
    @Test
    void theLossOfALateReadIsNotTakenForALostDelete() {
        for (boolean declines : List.of(false, true)) {
            Script script = withoutContext();
            script.stored(MILK);
            script.hedge();
            script.fetched(C, MILK);
            script.stored(GONE);

            assertEquals(List.of(), declines ? script.declined(B) : script.lost(B));
            assertEquals(List.of(), script.declined(C));
            assertEquals(List.of(), script.acknowledged(B));
            assertEquals(answer(new Outcome.Written(null)), script.synced());
        }
    }

    @Test
    void aReadThatIsAnsweredLateChangesNothing() {
        Script script = withoutContext();
        script.stored(MILK);
        script.hedge();
        script.fetched(C, MILK);
        script.stored(GONE);

        assertEquals(List.of(), script.fetched(B, EGGS));
        assertEquals(List.of(), script.declined(B));
        assertEquals(List.of(), script.synced());
        assertEquals(answer(new Outcome.Unknown(2, 1)), script.declined(C));
    }
}
