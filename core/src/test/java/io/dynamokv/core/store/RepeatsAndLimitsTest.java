package io.dynamokv.core.store;

import static io.dynamokv.core.simulation.Samples.NOTHING;
import static io.dynamokv.core.simulation.Samples.content;
import static io.dynamokv.core.simulation.Samples.textsIn;
import static io.dynamokv.core.store.Replica.KEY;
import static io.dynamokv.core.store.Replica.NOW_MILLIS;
import static io.dynamokv.core.store.Replica.putOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.RecordCodec;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A repeat makes no second version (rule W4, live versions), and limits refuse clients, never replicas (W6). */
class RepeatsAndLimitsTest {
    private final RandomGenerator random = SeededProperty.GENERATORS.create(1);
    private final Replica replica = new Replica(random);
    private final Replica elsewhere = new Replica(random);

    @Nested
    class W4 {
        @Test
        void theSameRequestTwiceMakesOneDot() {
            VersionedRecord once = replica.put("milk");

            assertSame(once, replica.put("milk"));
            assertEquals(List.of(once, once), List.of(replica.put("milk"), replica.record()));
        }

        @Test
        void theSameRequestTwiceInOneBatchMakesOneDot() {
            BatchStep.Outcome outcome = replica.apply(putOf("milk"), putOf("milk"));

            assertEquals(outcome.results().get(0), outcome.results().get(1));
        }

        @Test
        void aRequestThatAnotherCoordinatorExecutedMakesNoDotHere() {
            VersionedRecord there = elsewhere.put("milk");
            replica.receive(elsewhere);

            assertEquals(there, replica.put("milk"));
        }

        @Test
        void aRequestThatTwoCoordinatorsExecutedIsOneSibling() {
            replica.put("milk");
            elsewhere.put("milk");

            VersionedRecord joined = replica.receive(elsewhere);

            assertEquals(List.of("milk"), textsIn(joined));
            assertEquals(2, joined.siblings().getFirst().dots().size());
            assertEquals(joined, replica.put("milk"));
        }

        /** 1. Milk is put. 2. It is overwritten. 3. The put comes again, from a client that heard nothing: the eggs stay alone. */
        @Test
        void aRepeatOfWhatWasOverwrittenOrDeletedMakesNoVersion() {
            VersionVector milk = replica.put("milk").context();
            VersionedRecord eggs = held(replica.apply(putOf(content("eggs", "eggs", milk), milk)));

            assertEquals(eggs, replica.put("milk"));

            replica.apply(new StoreOperation.Delete(KEY, VersionedRecord.EMPTY, eggs.context(), NOW_MILLIS));
            assertTrue(replica.put("milk").isTombstone());
            assertEquals(
                    List.of(new StoreResult.RequestIdReused()),
                    replica.apply(putOf(content("milk", "another body", NOTHING), NOTHING))
                            .results());
        }

        private static VersionedRecord held(BatchStep.Outcome outcome) {
            return assertInstanceOf(StoreResult.Held.class, outcome.results().getFirst())
                    .record();
        }

        @Test
        void theIdOfAnotherRequestIsRefusedAndNothingIsStored() {
            replica.put("milk");
            Content reused = content("milk", "another body", NOTHING);

            BatchStep.Outcome outcome = replica.apply(putOf(reused, NOTHING));

            assertEquals(List.of(new StoreResult.RequestIdReused()), outcome.results());
            assertEquals(Map.of(), outcome.changes());
        }

        /** The digest covers the context: 1. a blind put, 2. the same body and id with a context, which would remove the first. */
        @Test
        void theSameBodyWithAnotherContextIsAnotherRequest() {
            VersionVector context = replica.put("milk").context();

            BatchStep.Outcome outcome = replica.apply(putOf(content("milk", "milk", context), context));

            assertEquals(List.of(new StoreResult.RequestIdReused()), outcome.results());
        }
    }

    @Nested
    class W6 {
        private final Replica small = new Replica(random, new RecordLimits(2, 1000));

        @Test
        void aBucketsOwnLimitIsNamedToo() {
            var one = new Bucket.Limits(OptionalInt.empty(), OptionalInt.of(1));
            var bucket = new Bucket("carts", Conflicts.SIBLINGS, Bucket.Quorums.OF_THE_CLUSTER, one);
            small.put("milk");

            BatchStep.Outcome outcome =
                    small.apply(new StoreOperation.Put(KEY, NOTHING, content("eggs"), bucket, NOW_MILLIS));

            assertEquals(List.of(new StoreResult.LimitExceeded("siblings", 2, 1)), outcome.results());
            assertEquals(Map.of(), outcome.changes());
        }

        @Test
        void oneSiblingTooManyIsRefusedAndNothingIsStored() {
            small.put("milk");
            small.put("eggs");

            BatchStep.Outcome outcome = small.apply(putOf("jam"));

            assertEquals(List.of(new StoreResult.LimitExceeded("siblings", 3, 2)), outcome.results());
            assertEquals(Map.of(), outcome.changes());
        }

        @Test
        void aRecordThatWouldBeTooBigIsRefused() {
            BatchStep.Outcome outcome = small.apply(putOf("x".repeat(1000)));

            StoreResult.LimitExceeded refused = assertInstanceOf(
                    StoreResult.LimitExceeded.class, outcome.results().getFirst());
            assertEquals("recordBytes", refused.limit());
            assertEquals(1000, refused.max());
            assertTrue(refused.value() > 1000);
            assertEquals(Map.of(), outcome.changes());
        }

        @Test
        void aRecordAsBigAsTheLimitIsTaken() {
            int bytes = RecordCodec.size(replica.put("x".repeat(500)));

            assertEquals(bytes, RecordCodec.size(new Replica(random, new RecordLimits(1, bytes)).put("x".repeat(500))));
        }

        /** 1. The second sibling is stored, its answer is lost. 2. The same request comes again: it is there, so no limit is in its way. */
        @Test
        void aKnownIdIsLookedAtBeforeTheLimits() {
            small.put("milk");
            VersionedRecord full = small.put("eggs");
            elsewhere.put("jam");
            VersionedRecord over = small.receive(elsewhere);

            assertEquals(3, over.siblings().size());
            assertEquals(over, small.put("eggs"));
            assertEquals(
                    new StoreResult.RequestIdReused(),
                    small.apply(putOf(content("eggs", "another body", NOTHING), NOTHING))
                            .results()
                            .getFirst());
            assertTrue(over.vector().descends(full.vector()));
        }

        @Test
        void replicasAreNeverRefused() {
            for (String text : List.of("a", "b", "c", "x".repeat(2000))) {
                elsewhere.put(text);
            }

            assertEquals(4, small.receive(elsewhere).siblings().size());
        }

        @Test
        void deletesAndWritesThatResolveAreTakenAboveTheLimit() {
            List.of("a", "b", "c", "d").forEach(elsewhere::put);
            VersionVector context = small.receive(elsewhere).context();

            assertEquals(List.of("one"), textsIn(small.put(content("one", "one", context), context)));
            small.receive(elsewhere);
            assertTrue(small.delete(small.record().context()).isTombstone());
        }

        @Test
        void limitsAreAtLeastOne() {
            assertThrows(IllegalArgumentException.class, () -> new RecordLimits(0, 1));
            assertThrows(IllegalArgumentException.class, () -> new RecordLimits(1, 0));
        }
    }
}
