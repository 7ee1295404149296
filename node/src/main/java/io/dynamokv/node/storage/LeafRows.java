package io.dynamokv.node.storage;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.version.MalformedException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;

/**
 * The leaves of the partitions' hash trees as rows. A partition's lie together behind its records, where a record's key has its leaf and these have one that is
 * none; an empty leaf may have no row. The last of them says that they are kept: without it they tell nothing.
 *
 * <pre>
 * leaf = partition:2 residency:8 0xFFFF index:2  -> format(1) xor:8
 * kept = partition:2 residency:8 0xFFFF 0xFFFF   -> format(1)
 * </pre>
 */
final class LeafRows {
    private static final int NO_LEAF = 0xFFFF;
    private static final int KEPT = 0xFFFF;
    private static final byte FORMAT = 1;

    private LeafRows() {}

    private static byte[] key(int partition, int index) {
        return RowKey.begin(partition, NO_LEAF, 2).putShort((short) index).array();
    }

    static void put(WriteBatch batch, Leaf leaf, long value) throws RocksDBException {
        put(batch, leaf.partition(), leaf.index(), value);
    }

    private static void put(WriteBatch batch, int partition, int index, long value) throws RocksDBException {
        byte[] bytes =
                ByteBuffer.allocate(1 + Long.BYTES).put(FORMAT).putLong(value).array();
        batch.put(key(partition, index), bytes);
    }

    static Optional<LeafTable> read(RocksDB db, int partition) throws RocksDBException {
        Map<Integer, Long> rows = rows(db, partition);
        if (!rows.containsKey(KEPT)) {
            return Optional.empty();
        }
        var table = new LeafTable();
        rows.forEach((index, value) -> {
            if (index != KEPT) {
                table.set(index, value);
            }
        });
        return Optional.of(table);
    }

    /** @param leaves null if none are kept any more */
    static void replace(RocksDB db, WriteBatch batch, int partition, @Nullable LeafTable leaves)
            throws RocksDBException {
        for (int index : rows(db, partition).keySet()) {
            batch.delete(key(partition, index));
        }
        if (leaves != null) {
            batch.put(key(partition, KEPT), new byte[] {FORMAT});
            for (int index = 0; index < Leaf.COUNT; index++) {
                if (leaves.leaf(index) != 0) {
                    put(batch, partition, index, leaves.leaf(index));
                }
            }
        }
    }

    private static Map<Integer, Long> rows(RocksDB db, int partition) throws RocksDBException {
        var rows = new TreeMap<Integer, Long>();
        byte[] last = key(partition, KEPT);
        try (var end = new Slice(ByteBuffer.allocate(last.length + 1).put(last).array());
                var options = new ReadOptions().setIterateUpperBound(end);
                RocksIterator iterator = db.newIterator(options)) {
            for (iterator.seek(key(partition, 0)); iterator.isValid(); iterator.next()) {
                int index = ByteBuffer.wrap(iterator.key()).getShort(last.length - 2) & 0xFFFF;
                rows.put(index, value(partition, index, iterator.value()));
            }
            iterator.status();
        }
        return rows;
    }

    private static long value(int partition, int index, byte[] bytes) {
        int length = index == KEPT ? 1 : 1 + Long.BYTES;
        if (bytes.length != length || bytes[0] != FORMAT || index != KEPT && index >= Leaf.COUNT) {
            throw new MalformedException("row " + index + " of the leaves of partition " + partition + " has "
                    + bytes.length + " bytes and format " + (bytes.length == 0 ? "none" : bytes[0]));
        }
        return index == KEPT ? 0 : ByteBuffer.wrap(bytes).getLong(1);
    }
}
