package io.dynamokv.core.antientropy;

/**
 * What an exchange did.
 *
 * @param end only of a {@code COMPLETE} one is it true that each difference that it found is durable at both sides (rule V2)
 * @param why for a person, if it did not complete
 * @param counts as far as it came
 */
public record ExchangeReport(End end, String why, Counts counts) {
    /** How it ended. */
    public enum End {
        COMPLETE,
        /** The peer would not. */
        DECLINED,
        /** A question or its answer got lost, or this node's own store failed. */
        INTERRUPTED
    }

    /**
     * What was compared and moved. Bytes are those of keys and records.
     *
     * @param questions to the peer, each of which is a pair of messages
     */
    public record Counts(
            int questions,
            int leavesDiffering,
            long keysCompared,
            long recordsPulled,
            long bytesPulled,
            long recordsPushed,
            long bytesPushed) {}

    public boolean isComplete() {
        return end == End.COMPLETE;
    }
}
