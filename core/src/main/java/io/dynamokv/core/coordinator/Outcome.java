package io.dynamokv.core.coordinator;

import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import org.jspecify.annotations.Nullable;

/** What a client is told. */
public sealed interface Outcome {
    /**
     * What R replicas hold, joined.
     *
     * @param sloppy a stand-in's voice was counted: owners may hold what it has not (rule R2)
     */
    record Found(VersionedRecord record, boolean sloppy) implements Outcome {
        public Found(VersionedRecord record) {
            this(record, false);
        }
    }

    /**
     * @param context the vector after a put if its version is the only one left, else null (rule D4)
     * @param sloppy a stand-in's voice was counted: a read of owners may not see it before they have got it (Dynamo 4.6)
     */
    record Written(@Nullable VersionVector context, boolean sloppy) implements Outcome {
        public Written(@Nullable VersionVector context) {
            this(context, false);
        }
    }

    /** Too few votes; nothing was stored by any attempt (rule W3). */
    record Refused(int votesNeeded, int votesReceived) implements Outcome {}

    /** Too few votes came back, and a replica may have stored it (rule W3). */
    record Unknown(int votesNeeded, int votesReceived) implements Outcome {}

    /** Nothing was stored: the record would pass a limit (rule W6). */
    record LimitExceeded(String limit, long value, long max) implements Outcome {}

    /** Nothing was stored: the request's id belongs to another request (rule W4). */
    record RequestIdReused() implements Outcome {}
}
