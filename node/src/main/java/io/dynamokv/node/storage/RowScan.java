package io.dynamokv.node.storage;

import io.dynamokv.core.store.Page;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import java.util.LinkedHashMap;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** Reads rows in their order. What is read goes past the cache: a scan would push out what clients use. */
final class RowScan {
    private RowScan() {}

    static Page page(RocksDB db, Span span, long bytesMax) throws RocksDBException {
        var rows = new LinkedHashMap<StoreKey, StoredRecord>();
        long bytes = 0;
        try (var end = new Slice(RowKey.endOf(span));
                var options = new ReadOptions().setIterateUpperBound(end).setFillCache(false);
                RocksIterator iterator = db.newIterator(options)) {
            for (iterator.seek(RowKey.firstOf(span)); iterator.isValid(); iterator.next()) {
                if (!rows.isEmpty() && bytes >= bytesMax) {
                    return new Page(rows, false);
                }
                byte[] key = iterator.key();
                byte[] value = iterator.value();
                rows.put(RowKey.parse(key), StoredRecordCodec.decode(value));
                bytes += key.length + value.length;
            }
            iterator.status();
        }
        return new Page(rows, true);
    }
}
