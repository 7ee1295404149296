package io.dynamokv.node.port;

/**
 * How far this node is in comparing its partitions with their other owners, since the start.
 *
 * @param owed pairs of a partition and another owner that are to be compared as soon as possible, and have not been yet
 * @param completed exchanges that found both sides equal, or made them so
 * @param failed exchanges that ended before that; they are tried again
 * @param recordsPulled records that came
 * @param recordsPushed records that went
 * @param bytes keys and records that were read and joined, also for the exchanges of peers
 */
public record Exchanges(long owed, long completed, long failed, long recordsPulled, long recordsPushed, long bytes) {
    public static final Exchanges NONE = new Exchanges(0, 0, 0, 0, 0, 0);

    public Exchanges plus(Exchanges other) {
        return new Exchanges(
                owed + other.owed,
                completed + other.completed,
                failed + other.failed,
                recordsPulled + other.recordsPulled,
                recordsPushed + other.recordsPushed,
                bytes + other.bytes);
    }
}
