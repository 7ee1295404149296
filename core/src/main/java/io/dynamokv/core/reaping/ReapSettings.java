package io.dynamokv.core.reaping;

/**
 * @param pageBytesMax read at each tick, to find tombstones
 * @param ageMillis how old a tombstone must be
 * @param settleMillis between the two proofs; longer than a record can be on its way: from the read that a coordinator made of it to the last
 *     message with it that somebody still reads (rule T2)
 * @param answerMillisMax after this long without an answer a proof has failed
 * @param roundsMax how many sets of tombstones are under way at once
 * @param passPauseMillis from the end of one pass over all partitions to the next one
 */
public record ReapSettings(
        long pageBytesMax, long ageMillis, int settleMillis, int answerMillisMax, int roundsMax, int passPauseMillis) {
    public static final ReapSettings DEFAULT = new ReapSettings(64 << 10, 3_600_000, 30_000, 5_000, 64, 10_000);

    public ReapSettings with(long otherAgeMillis, int otherSettleMillis) {
        return new ReapSettings(
                pageBytesMax, otherAgeMillis, otherSettleMillis, answerMillisMax, roundsMax, passPauseMillis);
    }

    public ReapSettings {
        if (pageBytesMax < 1
                || ageMillis < 1
                || settleMillis < 1
                || answerMillisMax < 1
                || roundsMax < 1
                || passPauseMillis < 1) {
            throw new IllegalArgumentException("all must be at least 1, were " + pageBytesMax + ", " + ageMillis + ", "
                    + settleMillis + ", " + answerMillisMax + ", " + roundsMax + ", " + passPauseMillis);
        }
    }
}
