package io.dynamokv.core.handoff;

/**
 * @param pageBytesMax how much is read, and sent, at a time; a row at least
 * @param answerMillisMax after this long without an answer a delivery has failed
 * @param retryMillisMin pause after a delivery has failed; doubled with each failure in a row
 * @param retryMillisMax the longest pause
 */
public record ReplaySettings(long pageBytesMax, int answerMillisMax, int retryMillisMin, int retryMillisMax) {
    public static final ReplaySettings DEFAULT = new ReplaySettings(256 << 10, 5000, 1000, 60_000);

    public ReplaySettings {
        if (pageBytesMax < 1 || answerMillisMax < 1 || retryMillisMin < 1 || retryMillisMax < retryMillisMin) {
            throw new IllegalArgumentException(
                    "need at least one byte, a millisecond for the answer and 1 <= retryMillisMin <= retryMillisMax, were "
                            + pageBytesMax + ", " + answerMillisMax + ", " + retryMillisMin + ", " + retryMillisMax);
        }
    }
}
