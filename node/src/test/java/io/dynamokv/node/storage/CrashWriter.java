package io.dynamokv.node.storage;

import static io.dynamokv.node.storage.Samples.key;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Writes batches without end and without sync, and prints the number of each batch after it was written, until it is killed. */
final class CrashWriter {
    static final StoreKey LAST = key(0, "last");
    static final Leaf LEAF = new Leaf(3, 4);
    private static final int KEYS_PER_BATCH = 4;

    private CrashWriter() {}

    public static void main(String[] arguments) {
        var random = new SplittableRandom(5);
        try (var store = RocksReplicaStore.open(Path.of(arguments[0]), Samples.SMALL)) {
            store.replaceLeaves(LEAF.partition(), new LeafTable());
            for (int number = 0; true; number++) {
                Map<StoreKey, StoredRecord> batch = new HashMap<>();
                for (StoreKey key : keysOf(number)) {
                    byte[] value = new byte[256];
                    random.nextBytes(value);
                    batch.put(key, new StoredRecord(Samples.record(value), null));
                }
                batch.put(LAST, Samples.stored(Integer.toString(number)));
                store.write(batch, Map.of(LEAF, (long) number));
                System.out.println(number);
            }
        }
    }

    static List<StoreKey> keysOf(int number) {
        return IntStream.range(0, KEYS_PER_BATCH)
                .mapToObj(i -> key((number + i) % 256, number + "-" + i))
                .toList();
    }
}
