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

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Operations of one batch see each other (rule W2), and what is received is joined (D3). Rule D2 has its own page. */
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
}
