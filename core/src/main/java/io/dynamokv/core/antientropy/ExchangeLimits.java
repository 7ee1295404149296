package io.dynamokv.core.antientropy;

/**
 * How much an exchange takes at once. A single record may be larger than any of it.
 *
 * @param messageBytesMax of records or keys in one message
 * @param scanBytesMax of rows that a replica reads to answer one question
 * @param leavesAtOnceMax whose keys are asked for in one question
 * @param batchesUnderWayMax batches being fetched, sent or stored at the same time
 */
public record ExchangeLimits(long messageBytesMax, long scanBytesMax, int leavesAtOnceMax, int batchesUnderWayMax) {
    public static final ExchangeLimits DEFAULT = new ExchangeLimits(1L << 20, 8L << 20, 64, 3);

    public ExchangeLimits {
        if (messageBytesMax < 1 || scanBytesMax < 1 || leavesAtOnceMax < 1 || batchesUnderWayMax < 1) {
            throw new IllegalArgumentException("limits must be at least 1: " + messageBytesMax + " bytes a message, "
                    + scanBytesMax + " bytes a scan, " + leavesAtOnceMax + " leaves at once, " + batchesUnderWayMax
                    + " batches under way");
        }
    }
}
