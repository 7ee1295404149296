package io.dynamokv.node.runtime;

import io.dynamokv.core.reaping.ReapSettings;

/**
 * @param hedgeMillis after this long one more replica is asked, or the next owner takes over
 * @param requestMillis after this long a request ends, whatever is missing
 * @param underWayBytesMax what all requests under way may hold; past that they are shed
 * @param underWayRequestsMax how many they may be; past that more are refused
 * @param hintBytesMax what may be kept for owners that are down; past that the node stands in for nobody (rule H2)
 * @param exchangeBytesPerSecond what exchanges may read and join while no client is there; less while there are some
 * @param reaping when tombstones go
 */
public record RuntimeSettings(
        int hedgeMillis,
        int requestMillis,
        long underWayBytesMax,
        int underWayRequestsMax,
        long hintBytesMax,
        long exchangeBytesPerSecond,
        ReapSettings reaping) {
    public static final RuntimeSettings DEFAULT =
            new RuntimeSettings(100, 700, 32L << 20, 1024, 1L << 30, 64L << 20, ReapSettings.DEFAULT);

    public RuntimeSettings {
        if (hedgeMillis < 1
                || requestMillis <= hedgeMillis
                || underWayBytesMax < 1
                || underWayRequestsMax < 1
                || hintBytesMax < 0
                || exchangeBytesPerSecond < 1) {
            throw new IllegalArgumentException(
                    "need 1 <= hedgeMillis < requestMillis and bounds of at least a byte and a request, were "
                            + hedgeMillis + ", " + requestMillis + ", " + underWayBytesMax + ", " + underWayRequestsMax
                            + ", " + hintBytesMax + ", " + exchangeBytesPerSecond);
        }
    }

    /** What one of so many shards may take. */
    RuntimeSettings sharedBy(int shards) {
        long share = Math.max(1, exchangeBytesPerSecond / shards);
        return new RuntimeSettings(
                hedgeMillis, requestMillis, underWayBytesMax, underWayRequestsMax, hintBytesMax, share, reaping);
    }
}
