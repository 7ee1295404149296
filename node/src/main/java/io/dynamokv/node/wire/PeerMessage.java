package io.dynamokv.node.wire;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;

/** What travels on a link after the handshake. */
public sealed interface PeerMessage {
    /**
     * @param id the sender's number for the reply, unique on the link
     * @param lastChanged the epoch at which the sender's map last changed the partition (rule M6)
     */
    record Request(long id, int partition, Epoch lastChanged, PeerRequest body) implements PeerMessage {}

    record Reply(long id, PeerReply body) implements PeerMessage {}

    /**
     * What follows on the link is not older than this, up to the next of its kind (rule T2). The first thing that a caller says.
     *
     * @param millis by the sender's clock, which has a zero of its own and never goes back
     */
    record Sent(long millis) implements PeerMessage {}

    /** Asks for a sign of life. */
    record Ping() implements PeerMessage {}

    record Pong() implements PeerMessage {}
}
