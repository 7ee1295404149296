package io.dynamokv.core.store;

import static io.dynamokv.core.simulation.Samples.NOTHING;
import static io.dynamokv.core.simulation.Samples.content;
import static io.dynamokv.core.simulation.Samples.textsIn;
import static io.dynamokv.core.store.Replica.KEY;
import static io.dynamokv.core.store.Replica.NOW_MILLIS;
import static io.dynamokv.core.store.Replica.deleteOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Deletes take what their context covers (rule D5), and a bucket of latest versions supersedes all that its coordinator holds (D6). */
class DeletesAndLatestTest {
    private final RandomGenerator random = SeededProperty.GENERATORS.create(1);
    private final Replica replica = new Replica(random);
    private final Replica elsewhere = new Replica(random);

    @Nested
    class D5 {
        @Test
        void aDeleteMakesNoDotAndLeavesATombstone() {
            VersionVector context = replica.put("milk").context();

            VersionedRecord deleted = replica.delete(context);

            assertTrue(deleted.isTombstone());
            assertEquals(context, deleted.vector());
            assertEquals(NOW_MILLIS, deleted.deletedAtMillis());
        }

        @Test
        void aConcurrentVersionSurvives() {
            VersionVector milk = replica.put("milk").context();
            replica.put("eggs");

            assertEquals(List.of("eggs"), textsIn(replica.delete(milk)));
        }

        @Test
        void whatWasReadElsewhereGoesToo() {
            VersionedRecord there = elsewhere.put("milk");
            replica.put("eggs");
            VersionedRecord seen = there.join(replica.record());

            VersionedRecord deleted = replica.held(new StoreOperation.Delete(KEY, seen, seen.context(), NOW_MILLIS));

            assertTrue(deleted.isTombstone());
            assertTrue(there.join(deleted).isTombstone());
        }

        /** A sibling that was read elsewhere and that the context does not cover is kept: the record travels whole. */
        @Test
        void whatWasReadElsewhereAndIsNotCoveredStays() {
            VersionVector milk = replica.put("milk").context();
            VersionedRecord there = elsewhere.put("eggs");

            VersionedRecord deleted = replica.held(new StoreOperation.Delete(KEY, there, milk, NOW_MILLIS));

            assertEquals(List.of("eggs"), textsIn(deleted));
        }

        @Test
        void aRepeatedDeleteRemovesNothingMore() {
            VersionVector milk = replica.put("milk").context();
            replica.delete(milk);
            replica.put("eggs");

            BatchStep.Outcome outcome = replica.apply(deleteOf(milk));

            assertEquals(List.of("eggs"), textsIn(replica.record()));
            assertEquals(Map.of(), outcome.changes());
        }

        @Test
        void aLaterDeleteOfTheSameIsWrittenForItsTime() {
            VersionVector milk = replica.put("milk").context();
            replica.delete(milk);

            BatchStep.Outcome outcome =
                    replica.apply(new StoreOperation.Delete(KEY, VersionedRecord.EMPTY, milk, NOW_MILLIS + 5));

            assertEquals(1, outcome.changes().size());
            assertEquals(NOW_MILLIS + 5, replica.record().deletedAtMillis());
        }
    }

    @Nested
    class D6 {
        private StoreOperation.Put latest(String text, long nowMillis) {
            return new StoreOperation.Put(
                    KEY, NOTHING, content(text), new Bucket("carts", Conflicts.LATEST), nowMillis);
        }

        @Test
        void aPutSupersedesAllThatTheCoordinatorHolds() {
            replica.put("milk");
            elsewhere.put("eggs");
            replica.receive(elsewhere);

            assertEquals(List.of("jam"), textsIn(replica.held(latest("jam", NOW_MILLIS))));
        }

        @Test
        void hybridTimeIsAboveAllThatTheCoordinatorHoldsEvenIfItsClockIsBehind() {
            elsewhere.held(latest("milk", NOW_MILLIS + 60_000));
            HybridTime milk = elsewhere.record().latest().orElseThrow().time();
            replica.receive(elsewhere);

            VersionedRecord after = replica.held(latest("eggs", NOW_MILLIS));

            assertTrue(after.latest().orElseThrow().time().isAfter(milk));
        }

        @Test
        void aJoinResolvesNothing() {
            replica.held(latest("milk", NOW_MILLIS));
            elsewhere.held(latest("eggs", NOW_MILLIS + 1));

            VersionedRecord joined = replica.receive(elsewhere);

            assertEquals(List.of("eggs", "milk"), textsIn(joined));
            assertEquals(content("eggs"), joined.latest().orElseThrow().content());
        }

        @Test
        void aRepeatedPutIsKnownToo() {
            VersionedRecord once = replica.held(latest("milk", NOW_MILLIS));

            assertEquals(once, replica.held(latest("milk", NOW_MILLIS + 9)));
        }
    }
}
