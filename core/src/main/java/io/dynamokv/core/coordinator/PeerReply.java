package io.dynamokv.core.coordinator;

import io.dynamokv.core.antientropy.ExchangeReply;
import io.dynamokv.core.version.VersionedRecord;
import java.util.List;

/** What a node answers to a {@link PeerRequest}. */
public sealed interface PeerReply {
    record Acknowledged() implements PeerReply {}

    /** One for each tombstone that was asked for, in order. */
    record Proved(List<Boolean> proofs) implements PeerReply {}

    record Exchanged(ExchangeReply reply) implements PeerReply {}

    record Fetched(VersionedRecord record) implements PeerReply {}

    record Executed(Outcome outcome) implements PeerReply {}

    /** Not done, and nothing stored: it is overloaded, or does not own the partition, or has another map. */
    record Declined(String why) implements PeerReply {}
}
