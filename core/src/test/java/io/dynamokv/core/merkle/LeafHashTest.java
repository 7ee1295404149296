package io.dynamokv.core.merkle;

import static io.dynamokv.core.simulation.Samples.content;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What two replicas compare (Dynamo 4.7) is what rule D3 calls equal, no more and no less. */
class LeafHashTest {
    private static final Key KEY = new Key("carts", "alice");

    @Test
    void recordsAreEqualExactlyIfTheirHashesAre() {
        var pairs = new int[2];
        SeededProperty.forSeeds(200, random -> {
            List<VersionedRecord> records = new ArrayList<>(RandomRecords.draw(random, 30));
            records.addAll(RandomRecords.draw(random, 30));
            for (VersionedRecord one : records) {
                for (VersionedRecord other : records) {
                    assertEquals(one.equals(other), hash(one) == hash(other), () -> one + " and " + other);
                    pairs[one.equals(other) ? 1 : 0]++;
                }
            }
        });
        assertTrue(pairs[0] > 10_000 && pairs[1] > 20_000, "too few pairs of a kind: " + List.of(pairs[0], pairs[1]));
    }

    @Test
    void recordsJoinedInAnyOrderHaveOneHash() {
        SeededProperty.forSeeds(200, random -> {
            List<VersionedRecord> records = new ArrayList<>(RandomRecords.draw(random, 20));
            long expected = hash(joinOf(records));

            Collections.shuffle(records, Random.from(random));

            assertEquals(expected, hash(joinOf(records)));
        });
    }

    private static VersionedRecord joinOf(List<VersionedRecord> records) {
        return records.stream().reduce(VersionedRecord.EMPTY, VersionedRecord::join);
    }

    @Test
    void nothingCountsNothingAndATombstoneCounts() {
        VersionedRecord milk = put(VersionedRecord.EMPTY, content("milk"));

        assertEquals(LeafHash.OF_NOTHING, hash(VersionedRecord.EMPTY));
        assertNotEquals(LeafHash.OF_NOTHING, hash(milk.discard(milk.context(), 1)));
        assertNotEquals(hash(milk), hash(milk.discard(milk.context(), 1)));
    }

    @Test
    void timesOfDeletesSupersededIdsAndValuesDoNotCount() {
        VersionedRecord milk = put(VersionedRecord.EMPTY, content("milk"));
        var other = new Content(content("milk").requestId(), content("milk").digest(), "a/b", new byte[0]);
        VersionedRecord deleted = milk.discard(milk.context(), 1);
        VersionedRecord knowsNothing = VersionedRecord.EMPTY.join(VersionedRecord.EMPTY.discard(milk.context(), 99));

        assertEquals(hash(milk), hash(put(VersionedRecord.EMPTY, other)));
        assertEquals(1, deleted.superseded().size());
        assertEquals(0, knowsNothing.superseded().size());
        assertEquals(hash(deleted), hash(knowsNothing));
    }

    /** Else a record that is missing under two keys of one leaf would not be missed. */
    @Test
    void oneRecordUnderTwoKeysHasTwoHashes() {
        VersionedRecord milk = put(VersionedRecord.EMPTY, content("milk"));

        assertNotEquals(hash(milk), LeafHash.of(new Key("carts", "bob"), milk));
    }

    /** Nodes of two releases compare it, and it is on disk: another one would make all replicas differ. */
    @Test
    void theHashNeverChanges() {
        VersionedRecord milk = put(VersionedRecord.EMPTY, content("milk"));

        assertEquals("9d7395cf21375fa0", Long.toHexString(hash(milk)));
    }

    private static long hash(VersionedRecord record) {
        return LeafHash.of(KEY, record);
    }

    private static VersionedRecord put(VersionedRecord record, Content content) {
        var dot = new TimedDot(new Dot(new WriterId(1), 1), new HybridTime(5));
        return record.update(VersionVector.EMPTY, dot, content);
    }
}
