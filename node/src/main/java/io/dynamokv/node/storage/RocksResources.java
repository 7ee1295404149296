package io.dynamokv.node.storage;

import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/** The native objects beside the database itself. They outlive it: close the database first. */
final class RocksResources implements AutoCloseable {
    /** The newest that this release of RocksDB writes. Older ones stay readable. */
    private static final int TABLE_FORMAT = 7;

    private static final int BLOOM_BITS_PER_KEY = 10;
    /** Of a write buffer, for its own filter: a key that is not in it costs no walk through its skip list. */
    private static final double MEMTABLE_BLOOM_RATIO = 0.02;

    /** Indexes and filters may take half of the cache before they push each other out; data blocks never push them out. */
    private static final double HIGH_PRIORITY_RATIO = 0.5;

    private static final int DEFAULT_SHARD_BITS = -1;
    private static final long TABLE_SYNC_BYTES = 1L << 20;
    private static final long WAL_SYNC_BYTES = 512L << 10;
    private static final int INFO_LOGS_MAX = 4;
    private static final long INFO_LOG_BYTES_MAX = 4L << 20;

    static {
        RocksDB.loadLibrary();
    }

    private final LRUCache cache;
    private final WriteBufferManager writeBuffers;
    private final BloomFilter filter;
    private final NoRecovery noRecovery = new NoRecovery();
    final Options options;
    final WriteOptions writeOptions;

    RocksResources(StorageSettings settings) {
        cache = new LRUCache(settings.cacheBytes(), DEFAULT_SHARD_BITS, false, HIGH_PRIORITY_RATIO);
        writeBuffers = new WriteBufferManager(settings.writeBufferBytes() * settings.writeBuffersMax(), cache);
        filter = new BloomFilter(BLOOM_BITS_PER_KEY);
        writeOptions = new WriteOptions().setSync(false).setDisableWAL(false);
        options = new Options();
        boundResources(settings);
        chooseSafety(settings);
        options.setMemtableWholeKeyFiltering(true)
                .setMemtablePrefixBloomSizeRatio(MEMTABLE_BLOOM_RATIO)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setCacheIndexAndFilterBlocks(true)
                        .setCacheIndexAndFilterBlocksWithHighPriority(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setFilterPolicy(filter)
                        .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
                        .setWholeKeyFiltering(true)
                        .setFormatVersion(TABLE_FORMAT));
    }

    private void boundResources(StorageSettings settings) {
        options.setWriteBufferManager(writeBuffers)
                .setWriteBufferSize(settings.writeBufferBytes())
                .setMaxWriteBufferNumber(settings.writeBuffersMax())
                .setTargetFileSizeBase(2 * settings.writeBufferBytes())
                .setMaxBytesForLevelBase(4 * settings.writeBufferBytes())
                .setMaxOpenFiles(settings.openFilesMax())
                .setMaxBackgroundJobs(settings.backgroundJobsMax())
                .setBytesPerSync(TABLE_SYNC_BYTES)
                .setWalBytesPerSync(WAL_SYNC_BYTES)
                .setKeepLogFileNum(INFO_LOGS_MAX)
                .setMaxLogFileSize(INFO_LOG_BYTES_MAX);
    }

    /** Point-in-time recovery stops at the first damaged entry of the log: what is left is a prefix, as the port demands. */
    private void chooseSafety(StorageSettings settings) {
        options.setCreateIfMissing(true)
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setMaxTotalWalSize(settings.walBytesMax())
                .setParanoidChecks(true)
                .setListeners(List.of(noRecovery));
    }

    @Override
    public void close() {
        options.close();
        writeOptions.close();
        noRecovery.close();
        filter.close();
        writeBuffers.close();
        cache.close();
    }
}
