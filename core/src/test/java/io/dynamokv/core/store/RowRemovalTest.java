package io.dynamokv.core.store;

import static io.dynamokv.core.simulation.Samples.NOTHING;
import static io.dynamokv.core.simulation.Samples.content;
import static io.dynamokv.core.simulation.Samples.textsIn;
import static io.dynamokv.core.store.Replica.KEY;
import static io.dynamokv.core.store.Replica.NOW_MILLIS;
import static io.dynamokv.core.store.Replica.putOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** When a row may go: all that it was kept for has reached its owners (rule H1), or its tombstone is reaped (T1), and nothing came meanwhile. */
class RowRemovalTest {
    private final RandomGenerator random = SeededProperty.GENERATORS.create(1);
    private final Replica replica = new Replica(random);
    private final Replica elsewhere = new Replica(random);

    private static VersionedRecord recordIn(StoreResult result) {
        return assertInstanceOf(StoreResult.Held.class, result).record();
    }

    @Nested
    class H1 {
        private static final HintedSlots FIRST = HintedSlots.of(0);
        private static final HintedSlots SECOND = HintedSlots.of(1);

        private VersionedRecord keepFor(HintedSlots slots) {
            elsewhere.put("milk");
            return replica.held(new StoreOperation.Join(KEY, elsewhere.record(), slots));
        }

        private static StoreOperation.Delivered delivered(VersionedRecord record, HintedSlots slots) {
            return new StoreOperation.Delivered(KEY, record, slots);
        }

        @Test
        void aRowGoesWhenTheLastSlotItIsKeptForIsConfirmed() {
            VersionedRecord milk = keepFor(FIRST);
            keepFor(SECOND);

            BatchStep.Outcome first = replica.apply(delivered(milk, FIRST));
            assertEquals(milk, recordIn(first.results().getFirst()));
            assertEquals(SECOND, replica.stored().slots());
            assertEquals(milk, replica.record());

            BatchStep.Outcome second = replica.apply(delivered(milk, SECOND));
            assertEquals(Map.of(KEY, StoredRecord.NONE), second.changes());
            assertEquals(
                    VersionedRecord.EMPTY, recordIn(second.results().getFirst()), "this is what the replica holds now");
        }

        /** 1. The owner confirms milk; 2. meanwhile eggs are put here; 3. the row stays, for nobody has the eggs. */
        @Test
        void whatChangedSinceItWasSentStays() {
            VersionedRecord milk = keepFor(FIRST);
            replica.put("eggs");

            BatchStep.Outcome outcome = replica.apply(delivered(milk, FIRST));

            assertEquals(Map.of(), outcome.changes());
            assertEquals(List.of("eggs", "milk"), textsIn(replica.record()));
            assertEquals(FIRST, replica.stored().slots());
        }

        @Test
        void aPutBeforeItInTheSameBatchCountsToo() {
            VersionedRecord milk = keepFor(FIRST);

            replica.apply(putOf("eggs"), delivered(milk, FIRST));

            assertEquals(List.of("eggs", "milk"), textsIn(replica.record()));
        }

        @Test
        void anOwnersRowStaysWhateverIsConfirmed() {
            replica.put("milk");

            replica.apply(delivered(replica.record(), FIRST));

            assertEquals(List.of("milk"), textsIn(replica.record()));
        }

        @Test
        void aWriterGoesWithItsRowAndTheNextOneIsFresh() {
            replica.apply(new StoreOperation.Put(
                    KEY, NOTHING, content("milk"), new Bucket("carts", Conflicts.SIBLINGS), NOW_MILLIS, FIRST));
            VersionedRecord milk = replica.record();
            replica.apply(delivered(milk, FIRST));

            VersionedRecord eggs = replica.put("eggs");

            assertEquals(
                    2,
                    eggs.join(milk).siblings().size(),
                    "neither covers the other: nobody who wrote one saw the other");
        }

        /** It left no row, and was counted as kept for ever. */
        @Test
        void aDeleteOfNothingIsKeptForNobody() {
            var delete = new StoreOperation.Delete(KEY, VersionedRecord.EMPTY, NOTHING, NOW_MILLIS, FIRST);

            assertEquals(Map.of(), replica.apply(delete).changes());
        }

        @Test
        void aRepeatIsKeptForTheSlotThatItNames() {
            replica.put("milk");
            var repeat = new StoreOperation.Put(
                    KEY, NOTHING, content("milk"), new Bucket("carts", Conflicts.SIBLINGS), NOW_MILLIS, SECOND);

            replica.apply(repeat);

            assertEquals(SECOND, replica.stored().slots());
        }
    }

    @Nested
    class T1 {
        private VersionedRecord deleted() {
            VersionVector milk = replica.put("milk").context();
            return replica.delete(milk);
        }

        @Test
        void aTombstoneThatIsStillExactlyThatGoesAndItsWriterWithIt() {
            VersionedRecord tombstone = deleted();

            BatchStep.Outcome outcome = replica.apply(new StoreOperation.Reap(KEY, tombstone.vector()));

            assertEquals(Map.of(KEY, StoredRecord.NONE), outcome.changes());
            assertEquals(VersionedRecord.EMPTY, recordIn(outcome.results().getFirst()));
        }

        @Test
        void whatWasJoinedToItMeanwhileStays() {
            VersionedRecord tombstone = deleted();
            elsewhere.put("eggs");
            replica.receive(elsewhere);

            replica.apply(new StoreOperation.Reap(KEY, tombstone.vector()));

            assertEquals(List.of("eggs"), textsIn(replica.record()));
        }

        @Test
        void aPutBeforeItInTheSameBatchStays() {
            VersionedRecord tombstone = deleted();

            replica.apply(putOf("eggs"), new StoreOperation.Reap(KEY, tombstone.vector()));

            assertEquals(List.of("eggs"), textsIn(replica.record()));
        }

        @Test
        void anotherTombstoneStays() {
            VersionedRecord tombstone = deleted();
            elsewhere.put("eggs");
            elsewhere.delete(elsewhere.record().context());
            replica.receive(elsewhere);

            BatchStep.Outcome outcome = replica.apply(new StoreOperation.Reap(KEY, tombstone.vector()));

            assertEquals(Map.of(), outcome.changes());
        }
    }
}
