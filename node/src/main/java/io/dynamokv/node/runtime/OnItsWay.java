package io.dynamokv.node.runtime;

/** For how long what was read from one store may still reach another (rule T2). Between the two proofs that let a tombstone go lies more (rule T1). */
public final class OnItsWay {
    /** So long an exchange waits for an answer, which may have been read at the beginning. */
    static final int ANSWER_MILLIS_MAX = 5000;
    /** An exchange drops what it was given so long after it went on last. */
    static final int EXCHANGE_MILLIS_MAX = 6000;
    /** So long after its end a request sends nothing that it has read, though it may have stood still since. */
    static final int LATE_MILLIS = 1000;
    /** So long at most it lies on the other side before it is joined. */
    static final int TURN_MILLIS_MAX = 1000;

    private OnItsWay() {}

    /**
     * @param requestMillis after this long a request ends
     * @param messageMillis older messages are not read
     */
    public static long millisMax(long requestMillis, long messageMillis) {
        return Math.max(ANSWER_MILLIS_MAX + EXCHANGE_MILLIS_MAX, requestMillis + LATE_MILLIS)
                + messageMillis
                + TURN_MILLIS_MAX;
    }
}
