package io.dynamokv.core.store;

import static io.dynamokv.core.simulation.Samples.NOTHING;
import static io.dynamokv.core.simulation.Samples.content;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.simulation.Rows;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The trees follow the rows through every batch (rule W2), and those of partitions that the node does not own do not exist (rule H1). */
class LeafTablesTest {
    private static final int OWNED = 1;
    private static final int FOREIGN = 2;

    private final RandomGenerator random = SeededProperty.GENERATORS.create(1);
    private final Rows rows = new Rows();
    private final BatchStep step = new BatchStep(new BootId(1, 1), random, RecordLimits.DEFAULT);
    private LeafTables tables = new LeafTables(rows);
    private int requests;

    private BatchStep.Outcome apply(StoreOperation... operations) {
        BatchStep.Outcome outcome = step.apply(List.of(operations), rows.records());
        rows.write(outcome.changes(), tables.apply(outcome.leafDeltas()));
        return outcome;
    }

    private StoreOperation.Put put(int partition, String name) {
        return new StoreOperation.Put(
                new StoreKey(partition, new Key("carts", name)),
                NOTHING,
                content("request " + requests++),
                new Bucket("carts", Conflicts.SIBLINGS),
                1_000_000);
    }

    private LeafTable table() {
        LeafTable table = tables.table(OWNED);
        assertNotNull(table);
        return table;
    }

    private void assertAsTheRowsAre() {
        LeafTable built = tables.fromRows(Span.ofPartition(OWNED));
        assertEquals(built, table());
        assertEquals(Optional.of(built), rows.leaves(OWNED));
    }

    @Test
    void w2_twoOperationsOfABatchOnOneKeyOrOnOneLeafAddUp() {
        tables.keep(OWNED);
        List<String> ofOneLeaf = namesOfOneLeaf();

        apply(put(OWNED, "a"), put(OWNED, "a"), put(OWNED, ofOneLeaf.get(0)), put(OWNED, ofOneLeaf.get(1)));

        assertAsTheRowsAre();
        assertEquals(3, rows.records().size());
    }

    private static List<String> namesOfOneLeaf() {
        int leaf = Leaf.indexOf(new Key("carts", "key-0"));
        var names = new ArrayList<String>();
        for (int i = 0; names.size() < 2; i++) {
            if (Leaf.indexOf(new Key("carts", "key-" + i)) == leaf) {
                names.add("key-" + i);
            }
        }
        return names;
    }

    @Test
    void whatLeavesTheRecordEqualChangesNoLeaf() {
        tables.keep(OWNED);
        StoreOperation.Put milk = put(OWNED, "a");
        VersionedRecord held = apply(milk).changes().values().iterator().next().record();
        var delete = new StoreOperation.Delete(milk.key(), VersionedRecord.EMPTY, held.context(), 5);
        var laterDelete = new StoreOperation.Delete(milk.key(), VersionedRecord.EMPTY, held.context(), 6);

        assertEquals(Map.of(), apply(milk).leafDeltas());
        assertEquals(1, apply(delete).leafDeltas().size());
        BatchStep.Outcome later = apply(laterDelete);
        assertEquals(1, later.changes().size());
        assertEquals(Map.of(), later.leafDeltas());
        assertAsTheRowsAre();
    }

    @Test
    void throughRandomBatchesTheTreeIsThatOfTheRows() {
        SeededProperty.forSeeds(50, seeded -> {
            var fixture = new LeafTablesTest();
            fixture.tables.keep(OWNED);
            var seen = new ArrayList<VersionedRecord>(List.of(VersionedRecord.EMPTY));
            for (int batch = 0; batch < 20; batch++) {
                var operations = new StoreOperation[1 + seeded.nextInt(6)];
                for (int i = 0; i < operations.length; i++) {
                    operations[i] = fixture.operation(seeded, seen.get(seeded.nextInt(seen.size())));
                }
                BatchStep.Outcome outcome = fixture.apply(operations);
                outcome.changes().values().forEach(stored -> seen.add(stored.record()));
                fixture.assertAsTheRowsAre();
            }
        });
    }

    private StoreOperation operation(RandomGenerator seeded, VersionedRecord seen) {
        String name = "key-" + seeded.nextInt(4);
        var key = new StoreKey(OWNED, new Key("carts", name));
        VersionVector context = seen.context();
        return switch (seeded.nextInt(4)) {
            case 0 -> new StoreOperation.Join(key, seen);
            case 1 -> new StoreOperation.Delete(key, VersionedRecord.EMPTY, context, seeded.nextInt(100));
            default -> put(OWNED, name);
        };
    }

    @Test
    void whatANodeKeepsForOthersIsInNoTree() {
        tables.keep(OWNED);

        BatchStep.Outcome outcome = apply(put(FOREIGN, "a"));

        assertEquals(1, outcome.leafDeltas().size());
        assertEquals(Map.of(), tables.apply(outcome.leafDeltas()));
        assertNull(tables.table(FOREIGN));
        assertEquals(Optional.empty(), rows.leaves(FOREIGN));
        assertEquals(new LeafTable(), table());
    }

    @Test
    void aPartitionThatBecomesTheNodesOwnGetsTheTreeOfWhatItHolds() {
        apply(put(OWNED, "a"), put(OWNED, "b"));

        tables.keep(OWNED);

        assertAsTheRowsAre();
        assertEquals(2, new LeafTable().differences(table()).size());
    }

    @Test
    void aTreeThatIsStoredIsTakenAsItIs() {
        tables.keep(OWNED);
        apply(put(OWNED, "a"));

        tables = new LeafTables(rows);
        tables.keep(OWNED);

        assertAsTheRowsAre();
    }

    /** 1. A slot is let go. 2. The node stands in for it, in no tree. 3. The slot comes back: the old tree would hide what came between. */
    @Test
    void aPartitionThatWasLetGoIsBuiltAnewWhenItComesBack() {
        tables.keep(OWNED);
        apply(put(OWNED, "a"));
        tables = new LeafTables(rows);
        tables.drop(OWNED);
        apply(put(OWNED, "b"));

        tables.keep(OWNED);

        assertAsTheRowsAre();
    }

    @Test
    void aRebuildMendsTheTableThatOthersLookAt() {
        tables.keep(OWNED);
        apply(put(OWNED, "a"));
        LeafTable before = table();
        before.change(1, 1);

        tables.rebuild(OWNED);

        assertSame(before, table());
        assertAsTheRowsAre();
    }

    @Test
    void aLeafThatIsWrongIsFoundAndMended() {
        tables.keep(OWNED);
        StoreOperation.Put milk = put(OWNED, "a");
        apply(milk);
        Leaf leaf = milk.key().leaf();
        assertTrue(tables.verify(leaf));

        table().change(leaf.index(), 1);

        assertFalse(tables.verify(leaf));
        assertAsTheRowsAre();
        assertTrue(tables.verify(leaf));
        assertTrue(tables.verify(new Leaf(FOREIGN, 0)));
    }
}
