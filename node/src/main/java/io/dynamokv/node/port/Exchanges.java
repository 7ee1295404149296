package io.dynamokv.node.port;

/**
 * How far this node is in comparing its partitions with their other owners, since the start.
 *
 * @param owed pairs of a partition and another owner that are to be compared as soon as possible, and have not been yet
 * @param completed exchanges that found both sides equal, or made them so
 * @param failed exchanges that ended before that; they are tried again
 * @param recordsPulled records that came
 * @param recordsPushed records that went
 */
public record Exchanges(long owed, long completed, long failed, long recordsPulled, long recordsPushed) {
    public static final Exchanges NONE = new Exchanges(0, 0, 0, 0, 0);
}
