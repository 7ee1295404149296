package io.dynamokv.node.storage;

import static io.dynamokv.node.storage.Samples.key;
import static io.dynamokv.node.storage.Samples.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.store.StoreException;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class RocksReplicaStoreTest {
    @TempDir
    private Path path;

    @Test
    void readsWhatWasWrittenAndLeavesOutWhatWasNot() {
        try (var store = open()) {
            store.write(Map.of(key(1, "a"), stored("apple"), key(2, "b"), stored("berry")), Map.of());

            assertEquals(Map.of(key(1, "a"), stored("apple")), store.read(List.of(key(1, "a"), key(1, "none"))));
            assertEquals(Map.of(), store.read(List.of()));
            store.write(Map.of(), Map.of());
        }
    }

    @Test
    void oneReadOfManyKeysFindsTheSameAsManyReads() {
        Map<StoreKey, StoredRecord> records = new HashMap<>();
        IntStream.range(0, 500).forEach(i -> records.put(key(i % 7, "k" + i), stored("value " + i)));
        List<StoreKey> keys =
                IntStream.range(0, 1000).mapToObj(i -> key(i % 7, "k" + i)).toList();
        try (var store = open()) {
            store.write(records, Map.of());

            Map<StoreKey, StoredRecord> oneByOne = new HashMap<>();
            keys.forEach(key -> oneByOne.putAll(store.read(List.of(key))));

            assertEquals(records, store.read(keys));
            assertEquals(records, oneByOne);
        }
    }

    @Test
    void theSameKeyOfAnotherPartitionIsAnotherRow() {
        try (var store = open()) {
            store.write(Map.of(key(1, "a"), stored("one"), key(2, "a"), stored("two")), Map.of());

            assertEquals(Map.of(key(2, "a"), stored("two")), store.read(List.of(key(2, "a"))));
        }
    }

    @Test
    void theLastWriteOfAKeyIsTheOneThatIsRead() {
        try (var store = open()) {
            for (int i = 0; i <= 100; i++) {
                store.write(Map.of(key(1, "a"), stored("value " + i)), Map.of());
            }

            assertEquals("value 100", Samples.text(readOne(store, key(1, "a"))));
        }
    }

    /** Rule D5: a tombstone is a record as any other. */
    @Test
    void keepsATombstone() {
        var tombstone = new StoredRecord(Samples.tombstone(), Samples.mark(3));
        try (var store = open()) {
            store.write(Map.of(key(1, "a"), stored("apple")), Map.of());
            store.write(Map.of(key(1, "a"), tombstone), Map.of());
        }
        try (var store = open()) {
            StoredRecord read = readOne(store, key(1, "a"));

            assertEquals(tombstone, read);
            assertEquals(tombstone.record().deletedAtMillis(), read.record().deletedAtMillis());
        }
    }

    /** Rule D2: the mark dies with the record. */
    @Test
    void anEmptyRecordLeavesNoRow() {
        try (var store = open()) {
            store.write(Map.of(key(1, "a"), new StoredRecord(stored("apple").record(), Samples.mark(3))), Map.of());
            store.write(Map.of(key(1, "a"), new StoredRecord(StoredRecord.NONE.record(), Samples.mark(3))), Map.of());

            assertEquals(Map.of(), store.read(List.of(key(1, "a"))));
        }
    }

    /** Rule D2. */
    @Test
    void keepsTheWriterMarkBesideTheRecord() {
        var marked = new StoredRecord(stored("apple").record(), Samples.mark(1L << 40));
        try (var store = open()) {
            store.write(Map.of(key(1, "a"), marked), Map.of());
        }
        try (var store = open()) {
            assertEquals(marked, readOne(store, key(1, "a")));
        }
    }

    @Test
    void aReopenedStoreHasAllOfManyFlushesAndCompactions() throws IOException {
        List<StoreKey> keys = writeManyFiles();

        try (var store = RocksReplicaStore.open(path, Samples.SMALL)) {
            assertEquals(keys.size(), store.read(keys).size());
            assertTrue(tables().size() > 16, "the test should make more files than may be open: " + tables().size());
        }
    }

    @Test
    void aRecordOfTheLargestSizeRoundTrips() {
        byte[] value = new byte[4 << 20];
        new SplittableRandom(3).nextBytes(value);
        var large = new StoredRecord(Samples.record(value), null);
        try (var store = open()) {
            store.write(Map.of(key(1, "large"), large), Map.of());
            store.sync();

            byte[] read = readOne(store, key(1, "large"))
                    .record()
                    .siblings()
                    .getFirst()
                    .content()
                    .value();
            assertEquals(-1, Arrays.mismatch(value, read));
        }
    }

    @Test
    void damagedTablesAreBrokenStorageAndNeverAbsentKeys() throws IOException {
        List<StoreKey> keys = writeManyFiles();
        for (Path table : tables()) {
            byte[] bytes = Files.readAllBytes(table);
            for (int i = 0; i < bytes.length / 2; i += 64) {
                bytes[i] ^= 0x55;
            }
            Files.write(table, bytes);
        }

        try (var store = RocksReplicaStore.open(path, Samples.SMALL)) {
            assertThrows(StoreException.class, () -> store.read(keys));
            var one = assertThrows(StoreException.class, () -> keys.forEach(key -> store.read(List.of(key))));
            assertTrue(String.valueOf(one.getMessage()).startsWith("cannot read partition "), one.getMessage());
        }
    }

    /**
     * Trace: a table cannot be opened, the Java multi-get answers null for its keys, the batch step takes them for never written and
     * stores an empty record's successor over an acknowledged one.
     */
    @Test
    void tablesThatCannotBeReadAreBrokenStorageAndNeverAbsentKeys() throws IOException {
        List<StoreKey> keys = writeManyFiles();
        try (var store = RocksReplicaStore.open(path, Samples.SMALL)) {
            for (Path table : tables()) {
                Files.deleteIfExists(table); // a compaction may have been faster
            }

            assertThrows(StoreException.class, () -> store.read(keys));
        }
    }

    @Test
    void aRowOfAnUnknownFormatIsBrokenStorageThatNamesItsKey() throws RocksDBException {
        try (var store = open()) {
            store.write(Map.of(key(7, "a"), stored("apple")), Map.of());
        }
        try (var options = new Options();
                var db = RocksDB.open(options, path.toString())) {
            db.put(RowKey.of(key(7, "a")), new byte[] {9, 0});
        }
        try (var store = open()) {
            var failure = assertThrows(StoreException.class, () -> store.read(List.of(key(7, "a"))));
            assertEquals(
                    "the row of partition 7, key carts/a is damaged: a row's format must be 1, was 9",
                    failure.getMessage());
        }
    }

    @Test
    void aDatabaseThatLostItsTablesIsRefusedAndTheMessageNamesTheDirectoryToDiscard() throws IOException {
        writeManyFiles();
        for (Path table : tables()) {
            Files.deleteIfExists(table);
        }

        var refusal = assertThrows(DirectoryRefusedException.class, () -> RocksReplicaStore.open(path, Samples.SMALL));

        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.startsWith(path + " is damaged ("), message);
        assertTrue(message.endsWith("rm -r -- '" + path.getParent() + "'"), message);
    }

    @Test
    void aClosedStoreRefusesEveryCallInsteadOfEndingTheProcess() {
        var store = open();
        store.close();
        store.close();

        assertThrows(StoreException.class, () -> store.read(List.of(key(1, "a"))));
        assertThrows(StoreException.class, () -> store.write(Map.of(key(1, "a"), stored("apple")), Map.of()));
        assertThrows(StoreException.class, store::sync);
        assertThrows(StoreException.class, store::stats);
    }

    @Test
    void statsTellHowMuchThereIs() {
        writeManyFiles();
        try (var store = RocksReplicaStore.open(path, Samples.SMALL)) {
            store.write(Map.of(key(1, "a"), stored("apple")), Map.of());
            while (store.stats().liveDataBytes() <= 1 << 20) {
                Thread.onSpinWait(); // what overlaps newer files is not counted until it is compacted
            }

            StorageStats stats = store.stats();

            assertTrue(stats.keysEstimated() > 1000, stats.toString());
            assertTrue(stats.walBytes() > 0, stats.toString());
            assertTrue(stats.memtableBytes() > 0, stats.toString());
            assertTrue(stats.cacheBytes() > 0, stats.toString());
            assertTrue(stats.pendingCompactionBytes() >= 0, stats.toString());
        }
    }

    @Test
    void theDefaultsFitASmallPodAndWriteBuffersFitTheCache() {
        assertEquals(96L << 20, StorageSettings.DEFAULT.cacheBytes());
        assertEquals(16L << 20, StorageSettings.DEFAULT.writeBufferBytes());
        assertEquals(64L << 20, StorageSettings.DEFAULT.walBytesMax());
        var refusal = assertThrows(
                IllegalArgumentException.class, () -> new StorageSettings(1 << 20, 1 << 20, 3, 4 << 20, 64, 2));
        assertEquals("cacheBytes must be at least 3145728, was 1048576", refusal.getMessage());
    }

    private RocksReplicaStore open() {
        return RocksReplicaStore.open(path, StorageSettings.DEFAULT);
    }

    private static StoredRecord readOne(RocksReplicaStore store, StoreKey key) {
        StoredRecord found = store.read(List.of(key)).get(key);
        assertNotNull(found);
        return found;
    }

    /** About 4 MiB that LZ4 cannot shrink. */
    private List<StoreKey> writeManyFiles() {
        var random = new SplittableRandom(11);
        List<StoreKey> keys =
                IntStream.range(0, 4000).mapToObj(i -> key(i % 256, "k" + i)).toList();
        try (var store = RocksReplicaStore.open(path, Samples.SMALL)) {
            for (StoreKey key : keys) {
                byte[] value = new byte[1024];
                random.nextBytes(value);
                store.write(Map.of(key, new StoredRecord(Samples.record(value), null)), Map.of());
            }
        }
        return keys;
    }

    private List<Path> tables() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            List<Path> tables = files.filter(file -> file.toString().endsWith(".sst"))
                    .sorted()
                    .toList();
            assertFalse(tables.isEmpty());
            return tables;
        }
    }
}
