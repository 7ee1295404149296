package io.dynamokv.node.storage;

import static io.dynamokv.node.storage.Samples.key;
import static io.dynamokv.node.storage.Samples.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.store.Page;
import io.dynamokv.core.store.ReplicaStore;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreException;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** What an exchange reads: rows by leaf, and the leaves themselves (rule V4: of one holding). */
class RowScanTest {
    @TempDir
    private Path path;

    private RocksReplicaStore open() {
        return RocksReplicaStore.open(path, Samples.SMALL);
    }

    private static LeafTable randomTree(SplittableRandom random) {
        var table = new LeafTable();
        for (int i = 0; i < 300; i++) {
            table.set(random.nextInt(Leaf.COUNT), random.nextLong());
        }
        return table;
    }

    @Test
    void pageByPageASpanGivesItsRowsInTheirOrderAndNoOthers() {
        var random = new SplittableRandom(1);
        var all = new TreeMap<StoreKey, StoredRecord>();
        for (int i = 0; i < 3000; i++) {
            all.put(key(0x7FFF + random.nextInt(3), "k" + i), stored("value " + i));
        }
        try (var store = open()) {
            store.write(all, Map.of());
            for (int partition = 0x7FFF; partition <= 0x8001; partition++) {
                store.replaceLeaves(partition, randomTree(random));
            }
            for (int i = 0; i < 30; i++) {
                Span span = randomSpan(random, all);
                List<StoreKey> expected =
                        all.keySet().stream().filter(span::contains).toList();

                assertEquals(expected, keysOf(store, span, 1 + random.nextInt(2000)));
            }
        }
    }

    private static Span randomSpan(SplittableRandom random, Map<StoreKey, StoredRecord> all) {
        int first = random.nextInt(Leaf.COUNT);
        int last = first + random.nextInt(Leaf.COUNT - first);
        if (random.nextBoolean()) {
            return new Span(0x7FFF + random.nextInt(3), first, null, last);
        }
        StoreKey after = List.copyOf(all.keySet()).get(random.nextInt(all.size()));
        return Span.ofPartition(after.partition()).behind(after.key());
    }

    private static List<StoreKey> keysOf(ReplicaStore store, Span span, long bytesMax) {
        var keys = new ArrayList<StoreKey>();
        Optional<Span> left = Optional.of(span);
        while (left.isPresent()) {
            Page page = store.scan(left.get(), bytesMax);
            keys.addAll(page.rows().keySet());
            left = page.rest(left.get());
        }
        return keys;
    }

    @Test
    void aPageEndsWithTheRowThatFillsItAndHasAtLeastOne() {
        try (var store = open()) {
            store.write(Map.of(key(1, "a"), stored("x".repeat(500)), key(1, "b"), stored("x".repeat(500))), Map.of());

            assertEquals(1, store.scan(Span.ofPartition(1), 1).rows().size());
            assertEquals(2, store.scan(Span.ofPartition(1), 600).rows().size());
            assertTrue(store.scan(Span.ofPartition(1), 1 << 20).isLast());
            assertEquals(new Page(new TreeMap<>(), true), store.scan(Span.ofPartition(2), 1));
        }
    }

    @Test
    void leavesAreThoseThatWereWrittenLastAndSurviveAReopening() {
        var random = new SplittableRandom(2);
        LeafTable first = randomTree(random);
        LeafTable second = randomTree(random);
        try (var store = open()) {
            assertEquals(Optional.empty(), store.leaves(7));
            store.replaceLeaves(7, first);
            store.replaceLeaves(8, new LeafTable());
            store.replaceLeaves(7, second);
            store.write(Map.of(key(7, "a"), stored("apple")), Map.of(new Leaf(7, 3), -1L, new Leaf(7, 1023), 0L));
        }
        second.set(3, -1);
        second.set(1023, 0);
        try (var store = open()) {
            assertEquals(Optional.of(second), store.leaves(7));
            assertEquals(Optional.of(new LeafTable()), store.leaves(8));
            assertEquals(Optional.empty(), store.leaves(9));
            store.replaceLeaves(7, null);
            assertEquals(Optional.empty(), store.leaves(7));
            assertEquals(1, keysOf(store, Span.ofPartition(7), 100).size());
        }
    }

    @Test
    void leavesThatTheirMakerDidNotFinishTellNothing() {
        try (var store = open()) {
            store.write(Map.of(), Map.of(new Leaf(7, 3), 5L));

            assertEquals(Optional.empty(), store.leaves(7));
        }
    }

    @Test
    void rowsAndLeavesOfAnotherFormatAreBrokenStorageThatNamesThePartition() throws RocksDBException {
        try (var store = open()) {
            store.replaceLeaves(7, new LeafTable());
            store.write(Map.of(key(7, "a"), stored("apple")), Map.of(new Leaf(7, 3), 5L));
        }
        try (var options = new Options();
                var db = RocksDB.open(options, path.toString())) {
            db.put(RowKey.begin(7, 0xFFFF, 2).putShort((short) 3).array(), new byte[] {9});
            db.put(RowKey.ofLeaf(7, 0), new byte[] {9});
        }
        try (var store = open()) {
            var leaves = assertThrows(StoreException.class, () -> store.leaves(7));
            var rows = assertThrows(StoreException.class, () -> store.scan(Span.ofPartition(7), 1));
            assertEquals(
                    "cannot read the leaves of partition 7: row 3 of the leaves of partition 7 has 1 bytes and format 9",
                    leaves.getMessage());
            assertTrue(
                    String.valueOf(rows.getMessage()).endsWith("a row's key is cut off at byte 12"), rows.getMessage());
        }
    }

    @Test
    void aClosedStoreRefusesThemToo() {
        var store = open();
        store.close();

        assertThrows(StoreException.class, () -> store.scan(Span.ofPartition(1), 1));
        assertThrows(StoreException.class, () -> store.leaves(1));
        assertThrows(StoreException.class, () -> store.replaceLeaves(1, null));
    }
}
