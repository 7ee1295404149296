package io.dynamokv.core.simulation;

import java.util.Set;

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
    A_MISSED_WRITE_OWES_NOTHING,
    /** Dynamo 4.7: what an exchange brings is confirmed and not written. */
    AN_EXCHANGE_WRITES_NOTHING,
    /** An exchange that failed stays the one under way. */
    A_FAILED_EXCHANGE_IS_NOT_GIVEN_UP,
    /** Rule H1: what was kept for others before a start is not looked for after it. */
    HINTS_ARE_FORGOTTEN_AT_A_START,
    /** Rule H1: a delivery that failed lets its hint go. */
    HINT_DROPPED_UNCONFIRMED,
    /** Who was down once stays down. */
    DOWN_FOR_GOOD,
    /** A coordinator that does not hear enough waits for ever. */
    NO_DEADLINE;

    /** What it breaks, each of these in some seed: what clients see, or, of trees and of what is owed, what they would see much later. */
    Set<Invariant> foundBy() {
        return switch (this) {
            case NONE -> Set.of();
            case JOIN_OVERWRITES,
                    BATCH_WITHOUT_OVERLAY,
                    SAME_BOOT_AFTER_CRASH,
                    CONTEXT_AFTER_BLIND_PUT,
                    STAND_IN_KEEPS_ITS_WRITER,
                    ACKNOWLEDGED_BEFORE_SYNC ->
                Set.of(Invariant.NOTHING_ACKNOWLEDGED_VANISHES, Invariant.READS_MISS_NOTHING);
            case HINT_DROPPED_BY_AGE -> Set.of(Invariant.NOTHING_ACKNOWLEDGED_VANISHES);
            case HINT_DROPPED_AFTER_AN_OLDER_ONE ->
                Set.of(Invariant.NOTHING_ACKNOWLEDGED_VANISHES, Invariant.DELETED_STAYS_DELETED);
            case RESTORED_COPY_SERVES, EQUAL_START_NUMBER_IS_LET_IN, LATE_MESSAGES_ARE_READ ->
                Set.of(Invariant.OVERWRITTEN_STAYS_OVERWRITTEN, Invariant.DELETED_STAYS_DELETED);
            case REAP_WITHOUT_ASKING_ALL -> Set.of(Invariant.DELETED_STAYS_DELETED);
            case REPEAT_APPLIED_TWICE -> Set.of(Invariant.NO_WRITE_IS_THERE_TWICE);
            case REFUSED_AFTER_STORING, REFUSED_AFTER_A_TAKEOVER -> Set.of(Invariant.NOTHING_REFUSED_APPEARS);
            case ONE_WRITE_VOTE_LESS -> Set.of(Invariant.ACKNOWLEDGED_IS_ON_DISK);
            case ONE_READ_VOTE_LESS -> Set.of(Invariant.READS_MISS_NOTHING);
            case LEAF_OUTSIDE_OF_THE_BATCH -> Set.of(Invariant.TREES_ARE_THOSE_OF_THEIR_ROWS);
            case A_MISSED_WRITE_OWES_NOTHING -> Set.of(Invariant.MISSED_WRITES_ARE_OWED);
            case AN_EXCHANGE_WRITES_NOTHING -> Set.of(Invariant.REPLICAS_CONVERGE);
            case A_FAILED_EXCHANGE_IS_NOT_GIVEN_UP -> Set.of(Invariant.OWED_EXCHANGES_ARE_MADE);
            case HINTS_ARE_FORGOTTEN_AT_A_START -> Set.of(Invariant.HINTS_ARE_DELIVERED);
            case HINT_DROPPED_UNCONFIRMED -> Set.of(Invariant.HINTS_STAY_UNTIL_THEY_ARE_CONFIRMED);
            case DOWN_FOR_GOOD -> Set.of(Invariant.ALL_FIND_EACH_OTHER);
            case NO_DEADLINE -> Set.of(Invariant.EACH_REQUEST_IS_ANSWERED_ONCE);
        };
    }
}
