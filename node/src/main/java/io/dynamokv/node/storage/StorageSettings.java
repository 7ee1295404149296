package io.dynamokv.node.storage;

/**
 * The bounds of a node's RocksDB. The defaults fit a pod of 512 MiB.
 *
 * @param cacheBytes blocks, indexes, filters and write buffers together
 * @param writeBufferBytes one write buffer; it becomes one file when it is full
 * @param writeBuffersMax how many of them are in memory at most, the others being written to disk
 * @param walBytesMax past it the oldest write buffer is written to disk; bounds the time of a restart after a crash
 * @param openFilesMax files of data kept open
 * @param backgroundJobsMax flushes and compactions at the same time
 */
public record StorageSettings(
        long cacheBytes,
        long writeBufferBytes,
        int writeBuffersMax,
        long walBytesMax,
        int openFilesMax,
        int backgroundJobsMax) {
    public static final StorageSettings DEFAULT = new StorageSettings(96L << 20, 16L << 20, 3, 64L << 20, 512, 2);

    public StorageSettings {
        requireAtLeast("writeBufferBytes", writeBufferBytes, 64L << 10);
        requireAtLeast("writeBuffersMax", writeBuffersMax, 2);
        requireAtLeast("cacheBytes", cacheBytes, Math.multiplyExact(writeBufferBytes, (long) writeBuffersMax));
        requireAtLeast("walBytesMax", walBytesMax, writeBufferBytes);
        requireAtLeast("openFilesMax", openFilesMax, 16);
        requireAtLeast("backgroundJobsMax", backgroundJobsMax, 1);
    }

    public StorageSettings withCacheBytes(long newCacheBytes) {
        return new StorageSettings(
                newCacheBytes, writeBufferBytes, writeBuffersMax, walBytesMax, openFilesMax, backgroundJobsMax);
    }

    private static void requireAtLeast(String field, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException(field + " must be at least " + min + ", was " + value);
        }
    }
}
