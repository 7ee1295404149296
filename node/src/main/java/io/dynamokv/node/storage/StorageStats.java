package io.dynamokv.node.storage;

/**
 * What RocksDB says of itself, for metrics.
 *
 * @param cacheBytes used of {@link StorageSettings#cacheBytes}; write buffers are charged to it
 * @param keysEstimated RocksDB's estimate; it counts overwritten rows until they are compacted
 */
public record StorageStats(
        long cacheBytes,
        long memtableBytes,
        long liveDataBytes,
        long pendingCompactionBytes,
        long walBytes,
        long keysEstimated) {}
