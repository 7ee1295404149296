package io.dynamokv.node.wire;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.membership.SwimMessage;

/** What travels on a gossip link after the handshake. Each may be lost. */
public sealed interface GossipMessage {
    record Membership(SwimMessage message) implements GossipMessage {}

    /**
     * Asks for the receiver's newest map.
     *
     * @param newest the epoch of the sender's own, from which on it needs the links
     */
    record MapRequest(Epoch newest) implements GossipMessage {}

    /**
     * @param map a {@link io.dynamokv.core.ring.MapDocument} as JSON
     * @param chain as {@link io.dynamokv.core.ring.MapChain#format} has it
     */
    record MapReply(String map, String chain) implements GossipMessage {}
}
