package io.dynamokv.core.handoff;

/**
 * @param rowsUnderWayMax how many rows are read, and sent, at a time
 * @param answerMillisMax after this long without an answer a delivery has failed
 * @param retryMillisMin pause after a delivery has failed; doubled with each failure in a row
 * @param retryMillisMax the longest pause
 */
public record ReplaySettings(int rowsUnderWayMax, int answerMillisMax, int retryMillisMin, int retryMillisMax) {
    public static final ReplaySettings DEFAULT = new ReplaySettings(64, 5000, 1000, 60_000);

    public ReplaySettings {
        if (rowsUnderWayMax < 1 || answerMillisMax < 1 || retryMillisMin < 1 || retryMillisMax < retryMillisMin) {
            throw new IllegalArgumentException(
                    "need at least one row, a millisecond for the answer and 1 <= retryMillisMin <= retryMillisMax, were "
                            + rowsUnderWayMax + ", " + answerMillisMax + ", " + retryMillisMin + ", " + retryMillisMax);
        }
    }
}
