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
import static io.dynamokv.core.coordinator.Script.delete;
import static io.dynamokv.core.coordinator.Script.execute;
import static io.dynamokv.core.coordinator.Script.put;
import static io.dynamokv.core.coordinator.Script.with;
import static io.dynamokv.core.coordinator.Script.written;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.version.VersionVector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A request at a node that owns no slot of its key (rules W1, W3, W4; Dynamo 6.4). */
class ForwardOperationTest {
    private static final ClientRequest.Put PUT = put("milk", 2);
    private static final ClientRequest.Get GET = new ClientRequest.Get(KEY.key(), 2);
    private static final VersionVector CONTEXT = written(1, "milk").context();
    private static final Outcome WRITTEN = new Outcome.Written(CONTEXT);
    private static final Outcome REFUSED = new Outcome.Refused(2, 1);
    private static final Outcome UNKNOWN = new Outcome.Unknown(2, 1);
    private static final Outcome TOO_MANY = new Outcome.LimitExceeded("siblings", 101, 100);
    private static final Outcome REUSED = new Outcome.RequestIdReused();

    private static Script of(ClientRequest request) {
        Script script = new Script(new ForwardOperation(request, allAlive(STRANGER)));
        script.start();
        return script;
    }

    @Test
    void asksTheFirstOwnerThatIsAlive() {
        Script script =
                new Script(new ForwardOperation(PUT, with(STRANGER, Map.of(A, Liveness.DOWN, B, Liveness.SUSPECT))));

        assertEquals(List.of(DEADLINE, execute(C, PUT), HEDGE), script.start());
        assertEquals(List.of(execute(B, PUT)), script.hedge());
    }

    @Test
    void passesOnWhatTheOwnerAnswered() {
        for (Outcome outcome : List.of(WRITTEN, new Outcome.Written(null), TOO_MANY, REUSED)) {
            Script script = of(PUT);
            assertEquals(answer(outcome), script.executed(A, outcome));
            script.isDoneForGood();
        }
        var found = new Outcome.Found(written(1, "milk"));
        assertEquals(answer(found), of(GET).executed(A, found));
    }

    @Test
    void withNoOwnerThatIsNotDownItIsRefused() {
        var down = Map.of(A, Liveness.DOWN, B, Liveness.DOWN, C, Liveness.DOWN);
        Script script = new Script(new ForwardOperation(PUT, with(STRANGER, down)));

        assertEquals(answer(new Outcome.Refused(2, 0)), script.start());
        script.isDoneForGood();
    }

    /** One that has just left, or is yet to come: looking for the first of nobody once threw, and what the request was admitted for was never given back. */
    @Test
    void aNodeOfNoMapThatSeesNobodyCoordinatesNothingAndIsRefused() {
        var down = Map.of(A, Liveness.DOWN, B, Liveness.DOWN, C, Liveness.DOWN);
        Replicas nobody = with(STRANGER, down, List.of());

        assertFalse(nobody.selfCoordinates());
        assertEquals(answer(new Outcome.Refused(2, 0)), new Script(new ForwardOperation(PUT, nobody)).start());
    }

    /** Rule W4: the same request with the same id, so that the two attempts make one sibling. */
    @Test
    void theNextOwnerTakesOverAfterTheHedgeDelayAndTheFirstAnswerCounts() {
        Script script = of(PUT);

        assertEquals(List.of(execute(B, PUT), HEDGE), script.hedge());
        assertEquals(answer(WRITTEN), script.executed(B, WRITTEN));
        script.isDoneForGood();
    }

    @Test
    void theFirstOwnersLateSuccessCountsAfterATakeoverToo() {
        Script script = of(PUT);
        script.hedge();

        assertEquals(List.of(execute(C, PUT)), script.executed(B, REFUSED));
        assertEquals(answer(WRITTEN), script.executed(A, WRITTEN));
    }

    @Test
    void anOwnerThatFailsIsReplacedAtOnce() {
        assertEquals(List.of(execute(B, PUT)), of(PUT).lost(A));
        assertEquals(List.of(execute(B, PUT)), of(PUT).notDelivered(A));
        assertEquals(List.of(execute(B, PUT)), of(PUT).declined(A));
        assertEquals(List.of(execute(B, PUT)), of(PUT).executed(A, REFUSED));
        assertEquals(List.of(execute(B, PUT)), of(PUT).executed(A, UNKNOWN));
    }

    /** Rule W3: 1. A stores and dies. 2. B refuses, C refuses. 3. Were that told, the value would appear when A returns. */
    @Test
    void theFirstOwnerStoresAndDiesTheSecondRefusesAndTheOutcomeIsUnknown() {
        Script script = of(PUT);

        assertEquals(List.of(execute(B, PUT)), script.lost(A));
        assertEquals(List.of(execute(C, PUT)), script.executed(B, REFUSED));
        assertEquals(answer(UNKNOWN), script.executed(C, REFUSED));
        script.isDoneForGood();
    }

    @Test
    void unknownAtOneOwnerAndRefusedAtAllOthersIsUnknown() {
        Script script = of(PUT);

        script.executed(A, UNKNOWN);
        script.executed(B, REFUSED);
        assertEquals(answer(UNKNOWN), script.declined(C));
    }

    @Test
    void aLimitAtTheSecondOwnerIsUnknownIfTheFirstMayHaveStoredIt() {
        for (Outcome rejected : List.of(TOO_MANY, REUSED)) {
            Script script = of(PUT);
            script.lost(A);
            script.executed(B, rejected);
            assertEquals(answer(new Outcome.Unknown(2, 0)), script.executed(C, rejected));
            script.isDoneForGood();
        }
    }

    @Test
    void refusedEverywhereIsRefusedWithTheMostVotesThatCame() {
        Script script = of(PUT);

        script.executed(A, new Outcome.Refused(2, 0));
        script.notDelivered(B);
        assertEquals(answer(REFUSED), script.executed(C, REFUSED));
        script.isDoneForGood();
    }

    /** The owner that is still at work may store it: nobody says "not stored" before it has spoken. */
    @Test
    void aRefusalIsNotToldWhileAnotherAttemptIsUnderWay() {
        for (Outcome rejected : List.of(TOO_MANY, REUSED, REFUSED)) {
            Script script = of(PUT);
            script.hedge();
            script.hedge();
            assertEquals(List.of(), script.executed(B, rejected));
            assertEquals(List.of(), script.executed(C, rejected));
            script.isNotDone();
            assertEquals(answer(WRITTEN), script.executed(A, WRITTEN));
        }
    }

    @Test
    void aRefusalBehindASilentAttemptIsUnknownAtTheDeadline() {
        for (Outcome rejected : List.of(TOO_MANY, REUSED, REFUSED)) {
            Script script = of(put("milk", 1));
            script.hedge();
            script.hedge();
            script.executed(B, rejected);
            script.executed(C, rejected);

            int votes = rejected.equals(REFUSED) ? 1 : 0;
            assertEquals(answer(new Outcome.Unknown(1, votes)), script.deadline());
            script.isDoneForGood();
        }
    }

    /**
     * 1. A is slow, B takes over and finds that the record is full. 2. The message to A turns out never to have been delivered, and C is not reached
     * either. 3. Nothing was stored, and why is known: "try again" would be no help to the client.
     */
    @Test
    void theReasonOfARejectionIsKeptUntilTheOtherAttemptsHaveEnded() {
        for (Outcome rejected : List.of(TOO_MANY, REUSED)) {
            Script script = of(PUT);
            script.hedge();
            assertEquals(List.of(execute(C, PUT)), script.executed(B, rejected));
            assertEquals(List.of(), script.notDelivered(A));
            assertEquals(answer(rejected), script.executed(C, REFUSED));
            script.isDoneForGood();
        }
    }

    @Test
    void theDeadlineLeavesAWriteUnknownAndRefusesARead() {
        Script write = of(PUT);
        assertEquals(answer(new Outcome.Unknown(2, 0)), write.deadline());
        write.isDoneForGood();

        Script read = of(GET);
        assertEquals(answer(new Outcome.Refused(2, 0)), read.deadline());
        read.isDoneForGood();
    }

    @Test
    void aReadThatMayHaveBeenDeliveredIsRefusedAllTheSame() {
        var down = new HashMap<NodeId, Liveness>();
        Script script = new Script(new ForwardOperation(GET, with(STRANGER, down)));
        script.start();
        down.putAll(Map.of(A, Liveness.DOWN, B, Liveness.DOWN, C, Liveness.DOWN));
        script.lost(A);
        script.lost(B);
        assertEquals(answer(new Outcome.Refused(2, 0)), script.lost(C));
    }

    /** 1. This node stood still, and its links are closed (rule T2); 2. a request comes; 3. the links are there again 20 ms later. */
    @Test
    void ownersWhoseLinksBrokeAreAskedAgainAtTheNextHedge() {
        for (ClientRequest request : List.of(PUT, GET)) {
            Script script = of(request);
            script.notDelivered(A);
            script.lost(B);

            assertEquals(List.of(HEDGE), script.notDelivered(C));
            assertEquals(List.of(execute(A, request), HEDGE), script.hedge());
            assertEquals(answer(WRITTEN), script.executed(A, WRITTEN));
        }
    }

    @Test
    void anOwnerIsHeardOnceForEachAttempt() {
        Script script = of(PUT);

        assertEquals(List.of(execute(B, PUT)), script.notDelivered(A));
        assertEquals(List.of(), script.notDelivered(A));
        assertEquals(List.of(), script.notDelivered(STRANGER));
        script.isNotDone();
    }

    @Test
    void theHedgesEndWithTheOwners() {
        Script script = of(PUT);

        assertEquals(List.of(execute(B, PUT), HEDGE), script.hedge());
        assertEquals(List.of(execute(C, PUT)), script.hedge());
        assertEquals(List.of(), script.hedge());
    }

    @Test
    void aDeleteWithAContextIsTakenOverLikeAPut() {
        ClientRequest request = delete(CONTEXT);
        Script script = of(request);

        assertEquals(List.of(execute(B, request), HEDGE), script.hedge());
        assertEquals(List.of(execute(C, request)), script.lost(A));
    }

    /** Rule W4: 1. A deletes the milk, its answer is lost. 2. Eggs are put. 3. B would read, see the eggs, and delete them too. */
    @Test
    void aDeleteWithoutAContextIsNotRepeatedOnceItMayHaveBeenDelivered() {
        ClientRequest request = delete(null);
        Script script = new Script(new ForwardOperation(request, allAlive(STRANGER)));

        assertEquals(List.of(DEADLINE, execute(A, request)), script.start());
        assertEquals(answer(new Outcome.Unknown(2, 0)), script.lost(A));
        script.isDoneForGood();
        assertEquals(answer(UNKNOWN), of(request).executed(A, UNKNOWN));
    }

    @Test
    void aDeleteWithoutAContextThatSurelyDidNothingGoesToTheNextOwner() {
        ClientRequest request = delete(null);
        Script script = of(request);

        assertEquals(List.of(execute(B, request)), script.notDelivered(A));
        assertEquals(List.of(execute(C, request)), script.executed(B, REFUSED));
        assertEquals(answer(REFUSED), script.declined(C));
    }
}
