package io.dynamokv.core.coordinator;

import static io.dynamokv.core.coordinator.Script.A;
import static io.dynamokv.core.coordinator.Script.B;
import static io.dynamokv.core.coordinator.Script.C;
import static io.dynamokv.core.coordinator.Script.DEADLINE;
import static io.dynamokv.core.coordinator.Script.HEDGE;
import static io.dynamokv.core.coordinator.Script.KEY;
import static io.dynamokv.core.coordinator.Script.NOW_MILLIS;
import static io.dynamokv.core.coordinator.Script.answer;
import static io.dynamokv.core.coordinator.Script.execute;
import static io.dynamokv.core.coordinator.Script.fetch;
import static io.dynamokv.core.coordinator.Script.put;
import static io.dynamokv.core.coordinator.Script.replicate;
import static io.dynamokv.core.coordinator.Script.written;
import static io.dynamokv.core.simulation.Samples.NOTHING;
import static io.dynamokv.core.simulation.Samples.PARTITION;
import static io.dynamokv.core.simulation.Samples.content;
import static io.dynamokv.core.simulation.Samples.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.version.VersionedRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Sloppy quorums (Dynamo 4.6; rules W1, R2): the owners are a, b, c; the walk goes on with d and e. */
class StandInTest {
    private static final NodeId D = node("d");
    private static final NodeId E = node("e");
    private static final Bucket CARTS = new Bucket("carts", Conflicts.SIBLINGS);
    private static final VersionedRecord MILK = written(1, "milk");
    private static final VersionedRecord BOTH = written(MILK, 2, "eggs");

    private static Replicas seenBy(NodeId self, NodeId... down) {
        Map<NodeId, Liveness> others = new HashMap<>();
        for (NodeId node : down) {
            others.put(node, Liveness.DOWN);
        }
        return Script.with(self, others, List.of(D, E));
    }

    private static Effect standIn(NodeId node, int slot) {
        return new Effect.Send(node, new PeerRequest.StandIn(KEY, MILK, slot));
    }

    @Nested
    class APut {
        private static Script at(Replicas replicas) {
            return new Script(new PutOperation(PARTITION, put("milk", 2), CARTS, replicas, NOW_MILLIS));
        }

        @Test
        void goesToTheNextLiveMemberOfTheWalkForEachOwnerThatIsDown() {
            Script script = at(seenBy(A, B, C));

            script.start();
            assertEquals(List.of(standIn(D, 1), standIn(E, 2)), script.stored(MILK));
            assertEquals(List.of(), script.synced());
            assertEquals(answer(new Outcome.Written(MILK.context(), true)), script.acknowledged(E));
        }

        @Test
        void ofOwnersAloneIsNotSloppyThoughAStandInWasAskedToo() {
            Script script = at(seenBy(A, B));

            script.start();
            assertEquals(List.of(replicate(C, MILK), standIn(D, 1)), script.stored(MILK));
            script.synced();
            assertEquals(answer(new Outcome.Written(MILK.context(), false)), script.acknowledged(C));
        }

        @Test
        void takesAStandInForAnOwnerThatGetsLost() {
            Script script = at(seenBy(A));

            script.start();
            assertEquals(List.of(replicate(B, MILK), replicate(C, MILK)), script.stored(MILK));
            assertEquals(List.of(standIn(D, 1)), script.lost(B));
            assertEquals(List.of(standIn(E, 2)), script.notDelivered(C));
            script.acknowledged(D);
            assertEquals(answer(new Outcome.Written(MILK.context(), true)), script.acknowledged(E));
        }

        @Test
        void takesTheNextStandInWhenOneGetsLostAndNoneTwice() {
            Script script = at(seenBy(A, B, C));

            script.start();
            script.stored(MILK);
            assertEquals(List.of(HEDGE), script.lost(D), "e has its slot already");
            assertEquals(List.of(), script.declined(E));
            script.isNotDone();
            assertEquals(List.of(standIn(D, 1)), script.hedge());
            assertEquals(answer(new Outcome.Unknown(2, 0)), script.declined(D));
        }

        @Test
        void asksNobodyElseWhereAnOwnerDeclines() {
            Script script = at(seenBy(A));

            script.start();
            script.stored(MILK);
            assertEquals(List.of(), script.declined(B));
        }

        @Test
        void isKeptForTheFirstSlotByTheOneThatCoordinatesWhenNoOwnerIsLeft() {
            Script script = at(seenBy(D, A, B, C));

            var store = new StoreOperation.Put(KEY, NOTHING, content("milk"), CARTS, NOW_MILLIS, HintedSlots.of(0));
            assertEquals(List.of(DEADLINE, new Effect.Store(store)), script.start());
            assertEquals(List.of(standIn(E, 1)), script.stored(MILK));
            script.synced();
            assertEquals(answer(new Outcome.Written(MILK.context(), true)), script.acknowledged(E));
        }

        /** 1. E sees no owner alive and asks D; 2. D sees them all. It has stored a dot of its own: that must reach them, and is no vote. */
        @Test
        void isKeptByACoordinatorThatStandsInForNobodyAndHasNoVote() {
            Script script = at(seenBy(D));

            var store = new StoreOperation.Put(KEY, NOTHING, content("milk"), CARTS, NOW_MILLIS, HintedSlots.of(0));
            assertEquals(List.of(DEADLINE, new Effect.Store(store)), script.start());
            assertEquals(List.of(replicate(A, MILK), replicate(B, MILK), replicate(C, MILK)), script.stored(MILK));
            assertEquals(List.of(), script.synced());
            assertEquals(List.of(), script.acknowledged(A));
            assertEquals(answer(new Outcome.Written(MILK.context(), false)), script.acknowledged(B));
        }

        @Test
        void isRefusedWhereTooFewAreLeftAndNothingIsStored() {
            Script script = at(seenBy(A, B, C, D, E));

            assertEquals(answer(new Outcome.Refused(2, 1)), script.start());
        }
    }

    @Nested
    class ADelete {
        @Test
        void isKeptForAnOwnerThatIsDown() {
            var request = Script.delete(MILK.context());
            Script script = new Script(new DeleteOperation(PARTITION, request, seenBy(D, A, B, C), NOW_MILLIS));

            var store = new StoreOperation.Delete(
                    KEY, VersionedRecord.EMPTY, MILK.context(), NOW_MILLIS, HintedSlots.of(0));
            assertEquals(List.of(DEADLINE, new Effect.Store(store)), script.start());
        }
    }

    @Nested
    class AGet {
        private static Script at(Replicas replicas) {
            return new Script(new GetOperation(PARTITION, new ClientRequest.Get(KEY.key(), 2), replicas));
        }

        @Test
        void countsTheVoiceOfAStandInAndSaysSo() {
            Script script = at(seenBy(A, B, C));

            assertEquals(
                    List.of(DEADLINE, new Effect.Store(new StoreOperation.Read(KEY)), fetch(D), HEDGE), script.start());
            script.stored(VersionedRecord.EMPTY);
            List<Effect> effects = script.fetched(D, MILK);
            assertEquals(new Effect.Answer(new Outcome.Found(MILK, true)), effects.getFirst());
            assertEquals(
                    new Effect.Store(new StoreOperation.Join(KEY, MILK)),
                    effects.getLast(),
                    "an owner that held less is repaired");
        }

        @Test
        void givesNothingToAStandInThatHoldsLess() {
            Script script = at(seenBy(A, B, C));

            script.start();
            script.stored(MILK);
            assertEquals(answer(new Outcome.Found(MILK, true)), script.fetched(D, VersionedRecord.EMPTY));
            script.isDoneForGood();
        }

        @Test
        void asksAnOwnerThatIsSilentBeforeAStandIn() {
            Replicas replicas = Script.with(A, Map.of(B, Liveness.DOWN, C, Liveness.SUSPECT), List.of(D, E));
            Script script = at(replicas);

            assertTrue(script.start().contains(fetch(C)));
            assertEquals(List.of(fetch(D)), script.hedge());
        }

        @Test
        void asksTheNextMemberOfTheWalkForAnOwnerThatGetsLost() {
            Script script = at(seenBy(A, B));

            assertTrue(script.start().contains(fetch(C)));
            script.stored(MILK);
            assertEquals(List.of(fetch(D)), script.lost(C));
            assertEquals(List.of(), script.fetched(C, BOTH), "it was given up");
            assertEquals(answer(new Outcome.Found(MILK, true)), script.fetched(D, VersionedRecord.EMPTY));
        }
    }

    @Nested
    class AForwarder {
        private static final ClientRequest PUT = put("milk", 2);

        private static Script at(Replicas replicas) {
            return new Script(new ForwardOperation(PUT, replicas));
        }

        @Test
        void asksTheFirstLiveMemberWhenNoOwnerIsLeft() {
            Script script = at(seenBy(E, A, B, C));

            assertEquals(List.of(DEADLINE, execute(D, PUT)), script.start());
        }

        @Test
        void asksTheFirstLiveMemberWhenEveryOwnerGotLost() {
            Script script = at(seenBy(E, B, C));

            assertEquals(List.of(DEADLINE, execute(A, PUT)), script.start());
            assertEquals(List.of(execute(D, PUT)), script.notDelivered(A));
        }

        @Test
        void asksNobodyInTheirPlaceWhenAnOwnerRefuses() {
            Script script = at(seenBy(E, B, C));

            script.start();
            assertEquals(answer(new Outcome.Refused(2, 1)), script.executed(A, new Outcome.Refused(2, 1)));
        }

        @Test
        void isNoForwarderWhereItComesFirstItself() {
            assertTrue(seenBy(D, A, B, C).selfCoordinates());
            assertFalse(seenBy(E, A, B, C).selfCoordinates());
            assertTrue(seenBy(E, A, B, C, D).selfCoordinates());
            assertFalse(seenBy(D, A, B).selfCoordinates(), "c is an owner, and alive");
        }
    }
}
