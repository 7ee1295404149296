package io.dynamokv.core.coordinator;

import static io.dynamokv.core.coordinator.Script.A;
import static io.dynamokv.core.coordinator.Script.B;
import static io.dynamokv.core.coordinator.Script.C;
import static io.dynamokv.core.coordinator.Script.DEADLINE;
import static io.dynamokv.core.coordinator.Script.HEDGE;
import static io.dynamokv.core.coordinator.Script.KEY;
import static io.dynamokv.core.coordinator.Script.NOW_MILLIS;
import static io.dynamokv.core.coordinator.Script.STRANGER;
import static io.dynamokv.core.coordinator.Script.allAlive;
import static io.dynamokv.core.coordinator.Script.answer;
import static io.dynamokv.core.coordinator.Script.put;
import static io.dynamokv.core.coordinator.Script.replicate;
import static io.dynamokv.core.coordinator.Script.with;
import static io.dynamokv.core.coordinator.Script.written;
import static io.dynamokv.core.simulation.Samples.NOTHING;
import static io.dynamokv.core.simulation.Samples.PARTITION;
import static io.dynamokv.core.simulation.Samples.content;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.version.VersionedRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A put at an owner of its key (Dynamo 4.5; rules W1, W3, W4, D3, D4). */
class PutOperationTest {
    private static final VersionedRecord MILK = written(1, "milk");

    private static Script at(Replicas replicas, int writeQuorum) {
        return new Script(new PutOperation(
                PARTITION, put("milk", writeQuorum), new Bucket("carts", Conflicts.SIBLINGS), replicas, NOW_MILLIS));
    }

    /** Started, stored here, and sent to the others. */
    private static Script replicating(int writeQuorum) {
        return replicating(allAlive(A), writeQuorum);
    }

    private static Script replicating(Replicas replicas, int writeQuorum) {
        Script script = at(replicas, writeQuorum);
        script.start();
        script.stored(MILK);
        return script;
    }

    @Test
    void isStoredHereFirstAndThenSentWholeToEveryOtherOwner() {
        Script script = at(allAlive(B), 2);

        var store = new StoreOperation.Put(
                KEY, NOTHING, content("milk"), new Bucket("carts", Conflicts.SIBLINGS), NOW_MILLIS);
        assertEquals(List.of(DEADLINE, new Effect.Store(store)), script.start());
        assertEquals(List.of(replicate(A, MILK), replicate(C, MILK)), script.stored(MILK));
    }

    @Test
    void acceptsTheWriteOnceWOwnersHaveItDurably() {
        Script script = replicating(2);

        assertEquals(List.of(), script.acknowledged(C));
        assertEquals(answer(new Outcome.Written(MILK.context())), script.synced());
        script.isDoneForGood();
    }

    @Test
    void theOwnVoteCountsOnlyWhenItIsSynced() {
        Script script = replicating(1);

        script.isNotDone();
        assertEquals(answer(new Outcome.Written(MILK.context())), script.synced());
    }

    @Test
    void twoPeersAreAQuorumWithoutTheOwnDisk() {
        Script script = replicating(2);

        assertEquals(List.of(), script.acknowledged(B));
        assertEquals(answer(new Outcome.Written(MILK.context())), script.acknowledged(C));
    }

    @Test
    void oneOwnersWordCountsOnceAndAStrangersNever() {
        Script script = replicating(3);

        assertEquals(List.of(), script.synced());
        assertEquals(List.of(), script.acknowledged(B));
        assertEquals(List.of(), script.acknowledged(B));
        assertEquals(List.of(), script.acknowledged(STRANGER));
        script.isNotDone();
    }

    /** Rule D4: a blind put's context would cover a sibling that the client never saw. */
    @Test
    void noContextComesBackWhileThereAreSiblings() {
        VersionedRecord both = written(MILK, 2, "eggs");
        Script script = at(allAlive(A), 1);
        script.start();
        script.stored(both);

        assertEquals(answer(new Outcome.Written(null)), script.synced());
    }

    @Test
    void aDownOwnerIsNotAskedAndASuspectOneIs() {
        Script script = at(with(A, Map.of(B, Liveness.DOWN, C, Liveness.SUSPECT)), 2);
        script.start();

        assertEquals(List.of(replicate(C, MILK)), script.stored(MILK));
    }

    /** Rule W3: it is refused before anything is stored. */
    @Test
    void tooFewCandidatesAreRefusedAtOnceWithTheVotes() {
        Script script = at(with(A, Map.of(B, Liveness.DOWN, C, Liveness.DOWN)), 2);

        assertEquals(answer(new Outcome.Refused(2, 1)), script.start());
        script.isDoneForGood();
    }

    @Test
    void moreVotesThanThereAreOwnersAreRefused() {
        assertEquals(answer(new Outcome.Refused(4, 3)), at(allAlive(A), 4).start());
    }

    /** Rule W3: this node has it, so it is not refused any more. */
    @Test
    void bothPeersLostInTheMiddleIsUnknown() {
        var down = new HashMap<NodeId, Liveness>();
        Script script = replicating(with(A, down), 2);
        down.putAll(Map.of(B, Liveness.DOWN, C, Liveness.DOWN));

        assertEquals(List.of(), script.synced());
        assertEquals(List.of(), script.lost(B));
        assertEquals(answer(new Outcome.Unknown(2, 1)), script.notDelivered(C));
        script.isDoneForGood();
    }

    /** 1. This node stood still, and its links are closed (rule T2); 2. a put comes; 3. the links are there again 20 ms later. */
    @Test
    void peersWhoseLinksBrokeGetItAgainAtTheNextHedge() {
        Script script = replicating(2);
        script.synced();

        assertEquals(List.of(HEDGE), script.notDelivered(B));
        assertEquals(List.of(), script.lost(C));
        assertEquals(List.of(replicate(B, MILK), replicate(C, MILK)), script.hedge());
        assertEquals(List.of(HEDGE), script.lost(B));
        assertEquals(answer(new Outcome.Written(MILK.context())), script.acknowledged(C));
    }

    @Test
    void peersThatAreDownAtTheNextHedgeDoNotGetItAgain() {
        var down = new HashMap<NodeId, Liveness>();
        Script script = replicating(with(A, down), 2);
        script.synced();
        script.lost(B);
        script.lost(C);
        down.put(C, Liveness.DOWN);

        assertEquals(List.of(replicate(B, MILK)), script.hedge());
        down.put(B, Liveness.DOWN);
        assertEquals(answer(new Outcome.Unknown(2, 1)), script.lost(B));
    }

    @Test
    void aPeerThatDeclinesIsAVoteLess() {
        Script script = replicating(2);

        assertEquals(List.of(), script.declined(B));
        assertEquals(answer(new Outcome.Unknown(2, 0)), script.declined(C));
    }

    @Test
    void theDeadlineLeavesItUnknown() {
        Script script = replicating(2);
        assertEquals(List.of(), script.synced());

        assertEquals(answer(new Outcome.Unknown(2, 1)), script.deadline());
        script.isDoneForGood();
    }

    /** The store may have it under way. */
    @Test
    void theDeadlineBeforeTheStoreAnsweredLeavesItUnknownToo() {
        Script script = at(allAlive(A), 2);
        script.start();

        assertEquals(answer(new Outcome.Unknown(2, 0)), script.deadline());
        script.isDoneForGood();
    }

    @Test
    void aBrokenStoreIsUnknown() {
        Script script = at(allAlive(A), 2);
        script.start();

        assertEquals(answer(new Outcome.Unknown(2, 0)), script.stored(new StoreResult.Failed("broken")));
        script.isDoneForGood();
    }

    @Test
    void whatTheStoreRefusesIsSentToNobody() {
        Script limited = at(allAlive(A), 2);
        limited.start();
        Script reused = at(allAlive(A), 2);
        reused.start();

        assertEquals(
                answer(new Outcome.LimitExceeded("siblings", 101, 100)),
                limited.stored(new StoreResult.LimitExceeded("siblings", 101, 100)));
        limited.isDoneForGood();
        assertEquals(answer(new Outcome.RequestIdReused()), reused.stored(new StoreResult.RequestIdReused()));
        reused.isDoneForGood();
    }

    @Test
    void aHedgeIsNoMatterOfWrites() {
        assertEquals(List.of(), replicating(2).hedge());
    }
}
