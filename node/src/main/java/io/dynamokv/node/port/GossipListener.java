package io.dynamokv.node.port;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.membership.SwimMessage;

/** Hears what comes by gossip, each time with the id that the link's handshake proved; on the thread of gossip. */
public interface GossipListener {
    /** A link that this node called has come up. */
    void reached(NodeId peer);

    void received(NodeId from, SwimMessage message);

    void mapAsked(NodeId from, Epoch newest);

    void mapGiven(NodeId from, MapCopy copy);

    /** The peer's machine says that nothing listens there. */
    void refused(NodeId peer, NodeAddress address);

    /** The peer has no gossip: its release is from before there was any. Nothing that was gossiped of it counts. */
    void withoutGossip(NodeId peer);
}
