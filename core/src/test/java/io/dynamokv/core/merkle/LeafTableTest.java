package io.dynamokv.core.merkle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.VersionedRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Dynamo 4.7: trees say where two replicas differ. */
class LeafTableTest {
    @Test
    void aTableThatWasChangedWriteByWriteIsTheOneThatIsBuiltFromScratch() {
        SeededProperty.forSeeds(100, random -> {
            Map<Key, VersionedRecord> held = new LinkedHashMap<>();
            var changed = new LeafTable();
            for (VersionedRecord record : RandomRecords.draw(random, 60)) {
                var key = new Key("carts", "key-" + random.nextInt(5));
                VersionedRecord before = held.getOrDefault(key, VersionedRecord.EMPTY);
                changed.change(Leaf.indexOf(key), LeafHash.of(key, before) ^ LeafHash.of(key, record));
                held.put(key, record);
            }

            assertEquals(built(held), changed);
            assertEquals(built(held).root(), changed.root());
        });
    }

    private static LeafTable built(Map<Key, VersionedRecord> held) {
        var table = new LeafTable();
        held.forEach((key, record) -> table.change(Leaf.indexOf(key), LeafHash.of(key, record)));
        return table;
    }

    @Test
    void aDifferenceIsFoundAtItsLeafAndChangesTheRoot() {
        SeededProperty.forSeeds(100, random -> {
            var one = new LeafTable();
            for (int i = 0; i < Leaf.COUNT; i++) {
                one.set(i, random.nextLong());
            }
            LeafTable other = one.copy();
            assertEquals(List.of(), one.differences(other));

            int first = random.nextInt(Leaf.COUNT / 2);
            int second = Leaf.COUNT / 2 + random.nextInt(Leaf.COUNT / 2);
            other.change(first, 1);
            other.change(second, Long.MIN_VALUE);

            assertEquals(List.of(first, second), one.differences(other));
            assertEquals(List.of(first, second), other.differences(one));
            assertNotEquals(one.root(), other.root());
            assertNotEquals(one, other);
        });
    }

    /** A XOR of leaves would take two that changed places for the same. */
    @Test
    void leavesThatChangePlacesChangeTheRoot() {
        var one = new LeafTable();
        var other = new LeafTable();
        one.set(1, 5);
        other.set(2, 5);

        assertNotEquals(one.root(), other.root());
    }

    @Test
    void aCopyIsATableOfItsOwn() {
        var one = new LeafTable();
        LeafTable copy = one.copy();

        one.set(3, 4);

        assertEquals(0, copy.leaf(3));
    }
}
