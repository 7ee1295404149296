package io.dynamokv.core.simulation;

/** What must hold whatever fails. Each is checked after every event that could break it, or in the end where only the end can show it. */
enum Invariant {
    /** Dynamo 4.5, rule W5: so many nodes have it on disk as were asked for. */
    ACKNOWLEDGED_IS_ON_DISK,
    /** Dynamo 4.4: an acknowledged text is there as long as a disk is that it was acknowledged from, but for those who had read it and wrote. */
    NOTHING_ACKNOWLEDGED_VANISHES,
    /** Dynamo 4.5: what so many owners have that R of them cannot miss it is read, and nothing that it had overwritten. */
    READS_MISS_NOTHING,
    /** Rule D3: what a write had read does not come back. */
    OVERWRITTEN_STAYS_OVERWRITTEN,
    /** Rules D5, T1: nor does what a delete had read. */
    DELETED_STAYS_DELETED,
    /** Rules D3, D4: none of a replica's siblings was read by the writer of another, and none went that nobody wrote over who had read it. */
    SIBLINGS_ARE_THE_CONCURRENT_ONES,
    /** Rule W4. */
    NO_WRITE_IS_THERE_TWICE,
    /** Rule W3. */
    NOTHING_REFUSED_APPEARS,
    NOTHING_IS_READ_THAT_NOBODY_WROTE,
    /** Rule D2. */
    NO_DOT_IS_ISSUED_TWICE,
    /** Rule W4: by whoever knows its id, or could do more than was asked for. */
    NO_REQUEST_IS_EXECUTED_AGAIN,
    /** Rule W4: as an id that was used before. */
    ONLY_A_REUSED_ID_IS_CALLED_REUSED,
    /** At its deadline at the latest, with what is an answer to it, and nothing comes behind it. */
    EACH_REQUEST_IS_ANSWERED_ONCE,
    /** Rule H1. */
    HINTS_STAY_UNTIL_THEY_ARE_CONFIRMED,
    /** Rule H1. */
    HINTS_ARE_DELIVERED,
    /** In memory and on disk, at a start and in the end. */
    TREES_ARE_THOSE_OF_THEIR_ROWS,
    ALL_FIND_EACH_OTHER,
    /** What an owner missed is owed to it by whoever sent it. */
    MISSED_WRITES_ARE_OWED,
    OWED_EXCHANGES_ARE_MADE,
    /** Dynamo 4.7. */
    REPLICAS_CONVERGE,
    EVERYTHING_ENDS
}
