package io.dynamokv.core.store;

import static io.dynamokv.core.simulation.Samples.NOTHING;
import static io.dynamokv.core.simulation.Samples.content;
import static io.dynamokv.core.simulation.Samples.storeKey;
import static io.dynamokv.core.simulation.Samples.textsIn;
import static io.dynamokv.core.store.Replica.KEY;
import static io.dynamokv.core.store.Replica.NOW_MILLIS;
import static io.dynamokv.core.store.Replica.deleteOf;
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
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.RecordCodec;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a batch does to a replica's records: rules W2, W4 (live versions), W6, D3, D5 and D6. Rule D2 has its own page. */
class BatchStepTest {
    private final RandomGenerator random = SeededProperty.GENERATORS.create(1);
    private final Replica replica = new Replica(random);
    private final Replica elsewhere = new Replica(random);

    private static VersionedRecord recordIn(StoreResult result) {
        return assertInstanceOf(StoreResult.Held.class, result).record();
    }

    private static StoreOperation.Read read() {
        return new StoreOperation.Read(KEY);
    }

    @Nested
    class W2 {
        @Test
        void theSecondOperationOnAKeySeesTheFirstOnesResult() {
            BatchStep.Outcome outcome = replica.apply(putOf("milk"), read(), putOf("eggs"), read());

            assertEquals(
                    List.of(List.of("milk"), List.of("milk"), List.of("eggs", "milk"), List.of("eggs", "milk")),
                    outcome.results().stream()
                            .map(result -> textsIn(recordIn(result)))
                            .toList());
            VersionedRecord last = recordIn(outcome.results().getLast());
            assertEquals(1, last.vector().size(), "one writer, two dots");
            assertEquals(Map.of(KEY, replica.stored()), outcome.changes());
            assertEquals(last, replica.record());
        }

        @Test
        void aDeleteTakesWhatAPutOfTheSameBatchWroteIfItsContextCoversIt() {
            VersionVector milk = replica.put("milk").context();

            BatchStep.Outcome outcome = replica.apply(putOf("eggs"), deleteOf(milk));

            assertEquals(List.of("eggs"), textsIn(recordIn(outcome.results().get(1))));
        }

        @Test
        void anotherKeyIsAnotherRecord() {
            var other = new StoreOperation.Put(
                    storeKey("other"), NOTHING, content("eggs"), new Bucket("carts", Conflicts.SIBLINGS), NOW_MILLIS);

            BatchStep.Outcome outcome = replica.apply(putOf("milk"), other);

            assertEquals(List.of("eggs"), textsIn(recordIn(outcome.results().get(1))));
            assertEquals(2, outcome.changes().size());
        }

        @Test
        void aRefusalInTheMiddleLeavesTheRestOfTheBatch() {
            Content reused = content("milk", "another body", NOTHING);

            BatchStep.Outcome outcome = replica.apply(putOf("milk"), putOf(reused, NOTHING), putOf("eggs"));

            assertEquals(new StoreResult.RequestIdReused(), outcome.results().get(1));
            assertEquals(
                    List.of("eggs", "milk"), textsIn(recordIn(outcome.results().get(2))));
        }

        @Test
        void aBatchDoesWhatItsOperationsDoOneByOne() {
            SeededProperty.forSeeds(300, random -> {
                long writers = random.nextLong();
                var limits = new RecordLimits(3, 400);
                var batches = new Replica(SeededProperty.GENERATORS.create(writers), limits);
                var oneByOne = new Replica(SeededProperty.GENERATORS.create(writers), limits);
                var operations = new RandomOperations(random);
                for (int batch = 0; batch < 12; batch++) {
                    StoreOperation[] next = operations.next(random.nextInt(8), batches.record());
                    VersionedRecord before = batches.record();

                    BatchStep.Outcome outcome = batches.apply(next);

                    for (int i = 0; i < next.length; i++) {
                        StoreResult alone = oneByOne.apply(next[i]).results().getFirst();
                        assertEquals(alone, outcome.results().get(i));
                        if (alone instanceof StoreResult.Held(VersionedRecord record)) {
                            assertEquals(oneByOne.record(), record, "what is held is what is stored");
                        }
                    }
                    assertEquals(oneByOne.stored(), batches.stored());
                    assertEquals(batches.record(), batches.record().join(before), "a record only grows");
                }
            });
        }
    }

    @Nested
    class D3 {
        @Test
        void whatIsReceivedIsJoinedAndNeverOverwrites() {
            replica.put("milk");
            elsewhere.put("eggs");

            assertEquals(List.of("eggs", "milk"), textsIn(replica.receive(elsewhere)));
        }

        @Test
        void aRecordThatIsNotChangedIsNotWritten() {
            replica.put("milk");
            replica.delete(replica.record().context());
            replica.put("eggs");
            var join = new StoreOperation.Join(KEY, replica.record());
            var older = new StoreOperation.Join(KEY, VersionedRecord.EMPTY);

            BatchStep.Outcome outcome = replica.apply(read(), join, older, putOf("eggs"), deleteOf(NOTHING));

            assertEquals(Map.of(), outcome.changes());
            assertEquals(5, outcome.results().size());
        }

        @Test
        void readingNothingWritesNothing() {
            BatchStep.Outcome outcome = replica.apply(read());

            assertEquals(List.of(new StoreResult.Held(VersionedRecord.EMPTY)), outcome.results());
            assertEquals(Map.of(), outcome.changes());
        }
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

            replica.apply(delivered(milk, FIRST));
            assertEquals(SECOND, replica.stored().slots());
            assertEquals(milk, replica.record());

            BatchStep.Outcome outcome = replica.apply(delivered(milk, SECOND));
            assertEquals(Map.of(KEY, StoredRecord.NONE), outcome.changes());
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
