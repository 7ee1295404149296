package io.dynamokv.node.http;

import io.dynamokv.core.version.Sibling;
import io.dynamokv.core.version.VersionedRecord;
import java.util.concurrent.atomic.AtomicInteger;

/** What a read holds is not known before it ends: it is taken for what those before it held, on average. From any thread. */
final class ReadSizes {
    private static final int BYTES_MIN = 4 << 10;
    private static final int PART_OF_THE_NEWEST = 8;
    private static final int PART_OF_THE_LIMIT = 8;

    private final int bytesMax;
    private final AtomicInteger average = new AtomicInteger(BYTES_MIN);

    /** @param underWayBytesMax a read that nobody would admit would never be known to have become smaller */
    ReadSizes(long underWayBytesMax) {
        bytesMax = Math.clamp(underWayBytesMax / PART_OF_THE_LIMIT, 1, Integer.MAX_VALUE);
    }

    int expected() {
        return Math.min(average.get(), bytesMax);
    }

    void found(VersionedRecord record) {
        int bytes = BYTES_MIN;
        for (Sibling sibling : record.siblings()) {
            bytes += sibling.content().value().length;
        }
        average.accumulateAndGet(bytes, (before, newest) -> before + (newest - before) / PART_OF_THE_NEWEST);
    }
}
