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

    /** Asks for a sign of life. */
    record Ping() implements PeerMessage {}

    record Pong() implements PeerMessage {}
}
