package io.dynamokv.core.store;

/** How much one record may hold before clients' writes to it are refused (rule W6). Replicas are never refused. */
public record RecordLimits(int siblingsMax, long recordBytesMax) {
    public static final RecordLimits DEFAULT = new RecordLimits(100, 4L << 20);

    public RecordLimits {
        if (siblingsMax < 1 || recordBytesMax < 1) {
            throw new IllegalArgumentException(
                    "limits must be at least 1, were " + siblingsMax + " siblings, " + recordBytesMax + " bytes");
        }
    }
}
