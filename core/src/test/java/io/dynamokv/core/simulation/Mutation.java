package io.dynamokv.core.simulation;

/** Mistakes that a node can be given, to see that the simulation finds them. */
enum Mutation {
    NONE,
    /** Rule D3: a replica's record replaces the one that is there. */
    JOIN_OVERWRITES,
    /** Rule W2: the second operation of a batch on a key does not see the first one's result. */
    BATCH_WITHOUT_OVERLAY,
    /** Rules D2, N3: a start goes on as the one before, as a copy of its disk would, though the unsynced tail is gone. */
    SAME_BOOT_AFTER_CRASH,
    /** Rule N3: a directory that was restored from an old copy serves on. */
    RESTORED_COPY_SERVES,
    /** Rule N3: of the starts of a node only those with a lower number than the known one are turned away, and not another one with its number. */
    EQUAL_START_NUMBER_IS_LET_IN,
    /** Rule W4: a repeat is another write. */
    REPEAT_APPLIED_TWICE,
    /** Rule D4: a put's answer covers versions that its client never read. */
    CONTEXT_AFTER_BLIND_PUT,
    /** Rule W3: a coordinator that gives up says "refused" though it has stored the write. */
    REFUSED_AFTER_STORING,
    /** Rule W3: a forwarder whose second owner refuses says "refused" though the first one may have stored it. */
    REFUSED_AFTER_A_TAKEOVER,
    /** Rule H2: what is kept for an owner that is away is given up after a while. */
    HINT_DROPPED_BY_AGE,
    /** Rule H1: what an owner confirms lets a newer version go. */
    HINT_DROPPED_AFTER_AN_OLDER_ONE,
    /** Rule D2: a stand-in whose row went goes on with the writer that it used for it. */
    STAND_IN_KEEPS_ITS_WRITER,
    /** Rule T1: a tombstone is reaped when its owners agree, whatever other members keep. */
    REAP_WITHOUT_ASKING_ALL,
    /** Rule T2: what was sent long ago is read all the same. */
    LATE_MESSAGES_ARE_READ,
    /** Dynamo 4.5: a write is acknowledged with one vote less than was asked for. */
    ONE_WRITE_VOTE_LESS,
    /** Dynamo 4.5: a read is answered with one vote less than was asked for. */
    ONE_READ_VOTE_LESS,
    /** Rule W5: an acknowledgement does not wait for the disk. */
    ACKNOWLEDGED_BEFORE_SYNC,
    /** Leaves are written behind the rows, so that a crash may leave one without the other, and replicas that differ look equal. */
    LEAF_OUTSIDE_OF_THE_BATCH,
    /** An owner that missed a write is compared at its next turn, and not within seconds. */
    A_MISSED_WRITE_OWES_NOTHING
}
