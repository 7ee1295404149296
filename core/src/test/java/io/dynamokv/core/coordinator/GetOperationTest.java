package io.dynamokv.core.coordinator;

import static io.dynamokv.core.coordinator.Script.A;
import static io.dynamokv.core.coordinator.Script.B;
import static io.dynamokv.core.coordinator.Script.C;
import static io.dynamokv.core.coordinator.Script.DEADLINE;
import static io.dynamokv.core.coordinator.Script.HEDGE;
import static io.dynamokv.core.coordinator.Script.KEY;
import static io.dynamokv.core.coordinator.Script.STRANGER;
import static io.dynamokv.core.coordinator.Script.allAlive;
import static io.dynamokv.core.coordinator.Script.answer;
import static io.dynamokv.core.coordinator.Script.fetch;
import static io.dynamokv.core.coordinator.Script.replicate;
import static io.dynamokv.core.coordinator.Script.with;
import static io.dynamokv.core.coordinator.Script.written;
import static io.dynamokv.core.simulation.Samples.PARTITION;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.version.VersionedRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A get at an owner of its key (Dynamo 4.5 and 5; rule R1). */
class GetOperationTest {
    private static final VersionedRecord NONE = VersionedRecord.EMPTY;
    private static final VersionedRecord MILK = written(1, "milk");
    private static final VersionedRecord EGGS = written(2, "eggs");
    private static final VersionedRecord BOTH = MILK.join(EGGS);
    private static final Effect READ_HERE = new Effect.Store(new StoreOperation.Read(KEY));

    private static Script at(Replicas replicas, int readQuorum) {
        return new Script(new GetOperation(PARTITION, new ClientRequest.Get(KEY.key(), readQuorum), replicas));
    }

    private static Script reading(int readQuorum) {
        Script script = at(allAlive(A), readQuorum);
        script.start();
        return script;
    }

    @Test
    void asksItsOwnReplicaFirstAndThenTheOthersInSlotOrder() {
        assertEquals(List.of(DEADLINE, READ_HERE, HEDGE), at(allAlive(C), 1).start());
        assertEquals(
                List.of(DEADLINE, READ_HERE, fetch(A), HEDGE),
                at(allAlive(C), 2).start());
        assertEquals(
                List.of(DEADLINE, READ_HERE, fetch(A), fetch(B)),
                at(allAlive(C), 3).start());
    }

    @Test
    void suspectsAreAskedLastAndThoseDownNotAtAll() {
        assertEquals(
                List.of(DEADLINE, READ_HERE, fetch(C), HEDGE),
                at(with(A, Map.of(B, Liveness.SUSPECT)), 2).start());
        assertEquals(
                List.of(DEADLINE, READ_HERE, fetch(C)),
                at(with(A, Map.of(B, Liveness.DOWN)), 2).start());
    }

    @Test
    void answersWithTheJoinOfWhatRReplicasHold() {
        Script script = reading(2);

        assertEquals(List.of(), script.stored(MILK));
        assertEquals(
                new Effect.Answer(new Outcome.Found(BOTH)),
                script.fetched(B, EGGS).getFirst());
    }

    @Test
    void equalRepliesNeedNoRepair() {
        Script script = reading(2);

        assertEquals(List.of(), script.stored(MILK));
        assertEquals(answer(new Outcome.Found(MILK)), script.fetched(B, MILK));
        script.isDoneForGood();
    }

    @Test
    void aKeyThatNobodyWroteIsFoundEmpty() {
        Script script = reading(1);

        assertEquals(answer(new Outcome.Found(NONE)), script.stored(NONE));
    }

    @Test
    void staleRepliersAreRepairedAfterTheAnswerThisNodeToo() {
        Script script = reading(2);

        assertEquals(List.of(), script.stored(MILK));
        List<Effect> effects = script.fetched(B, BOTH);

        assertEquals(
                List.of(
                        new Effect.Answer(new Outcome.Found(BOTH)),
                        new Effect.Store(new StoreOperation.Join(KEY, BOTH))),
                effects);
        script.isDoneForGood();
    }

    @Test
    void aReplyAfterTheAnswerIsStillWaitedForAndRepaired() {
        Script script = reading(2);
        script.stored(MILK);
        assertEquals(List.of(fetch(C)), script.hedge());
        assertEquals(answer(new Outcome.Found(MILK)), script.fetched(B, MILK));
        script.isNotDone();

        assertEquals(List.of(replicate(C, MILK)), script.fetched(C, NONE));
        script.isDoneForGood();
    }

    /** The late replier knows more than R did: those that answered in time are the stale ones. */
    @Test
    void aLateReplyThatKnowsMoreRepairsTheOthers() {
        Script script = reading(1);
        assertEquals(List.of(fetch(B), HEDGE), script.hedge());
        assertEquals(answer(new Outcome.Found(MILK)), script.stored(MILK));

        assertEquals(List.of(new Effect.Store(new StoreOperation.Join(KEY, BOTH))), script.fetched(B, BOTH));
    }

    @Test
    void theRepairDoesNotWaitForALostReplierNorPastTheDeadline() {
        Script lost = reading(2);
        lost.stored(MILK);
        lost.hedge();
        assertEquals(answer(new Outcome.Found(MILK)), lost.fetched(B, NONE));
        assertEquals(List.of(replicate(B, MILK)), lost.lost(C));
        lost.isDoneForGood();

        Script silent = reading(2);
        silent.stored(MILK);
        silent.hedge();
        assertEquals(answer(new Outcome.Found(MILK)), silent.fetched(B, NONE));
        assertEquals(List.of(), silent.hedge());
        assertEquals(List.of(replicate(B, MILK)), silent.deadline());
        silent.isDoneForGood();
    }

    @Test
    void eachHedgeAsksOneMoreUntilAllAreAsked() {
        Script script = reading(1);

        assertEquals(List.of(fetch(B), HEDGE), script.hedge());
        assertEquals(List.of(fetch(C)), script.hedge());
        assertEquals(List.of(), script.hedge());
        assertEquals(
                new Effect.Answer(new Outcome.Found(EGGS)),
                script.fetched(C, EGGS).getFirst());
    }

    @Test
    void aFailedReplicaIsReplacedAtOnce() {
        assertEquals(List.of(fetch(C)), reading(2).lost(B));
        assertEquals(List.of(fetch(C)), reading(2).notDelivered(B));
        assertEquals(List.of(fetch(C)), reading(2).declined(B));
        assertEquals(List.of(fetch(C)), reading(2).stored(new StoreResult.Failed("broken")));
    }

    @Test
    void aReplicaIsHeardOnceAndAStrangerNever() {
        Script script = reading(3);

        assertEquals(List.of(), script.fetched(B, MILK));
        assertEquals(List.of(), script.fetched(B, EGGS));
        assertEquals(List.of(), script.lost(B));
        assertEquals(List.of(), script.fetched(STRANGER, EGGS));
        assertEquals(List.of(), script.stored(NONE));
        assertEquals(
                new Effect.Answer(new Outcome.Found(MILK)),
                script.fetched(C, NONE).getFirst());
    }

    @Test
    void tooFewCandidatesAreRefusedAtOnceWithTheVotes() {
        Script script = at(with(A, Map.of(B, Liveness.DOWN, C, Liveness.DOWN)), 2);

        assertEquals(answer(new Outcome.Refused(2, 1)), script.start());
        script.isDoneForGood();
    }

    @Test
    void isRefusedOnceTooFewAreLeft() {
        Script script = reading(2);
        assertEquals(List.of(), script.stored(MILK));
        assertEquals(List.of(fetch(C)), script.lost(B));

        assertEquals(List.of(), script.declined(C));
        assertEquals(List.of(fetch(B)), script.hedge());
        assertEquals(answer(new Outcome.Refused(2, 1)), script.declined(B));
        script.isDoneForGood();
    }

    /** 1. This node stood still, and its links are closed (rule T2); 2. a get comes; 3. the links are there again 20 ms later. */
    @Test
    void replicasWhoseLinksBrokeAreAskedAgainAtTheNextHedge() {
        Script script = reading(2);
        script.stored(MILK);
        script.notDelivered(B);

        assertEquals(List.of(), script.lost(C));
        assertEquals(List.of(fetch(B), fetch(C)), script.hedge());
        assertEquals(List.of(HEDGE), script.lost(B));
        assertEquals(answer(new Outcome.Found(MILK)), script.fetched(C, MILK));
    }

    @Test
    void replicasThatAreDownAtTheNextHedgeAreNotAskedAgain() {
        var down = new HashMap<NodeId, Liveness>();
        Script script = at(with(A, down), 2);
        script.start();
        script.stored(MILK);
        script.lost(B);
        script.lost(C);
        down.put(B, Liveness.DOWN);

        assertEquals(List.of(fetch(C)), script.hedge());
        down.put(C, Liveness.DOWN);
        assertEquals(answer(new Outcome.Refused(2, 1)), script.lost(C));
        script.isDoneForGood();
    }

    @Test
    void theDeadlineRefusesARead() {
        Script script = reading(2);
        assertEquals(List.of(), script.stored(MILK));

        assertEquals(answer(new Outcome.Refused(2, 1)), script.deadline());
        script.isDoneForGood();
    }
}
