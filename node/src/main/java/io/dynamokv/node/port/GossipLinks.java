package io.dynamokv.node.port;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.membership.SwimMessage;

/**
 * This node's way to gossip, on links and a thread that carry nothing else; for that thread alone. Never blocks, never throws, queues
 * nothing: what cannot leave at once is lost, and the sender goes on as if it were lost on the way.
 */
public interface GossipLinks {
    /**
     * A member without a link is called at that address from now on, and a node that is none is answered on the link that it called with.
     *
     * @return whether it has left
     */
    boolean send(NodeId to, NodeAddress address, SwimMessage message);

    /**
     * Asks for the peer's newest map.
     *
     * @param newest the epoch of this node's own
     * @return whether it has left
     */
    boolean askForMap(NodeId of, Epoch newest);

    boolean giveMap(NodeId to, MapCopy copy);

    /** What was sent may wait until this is called. */
    void flush();

    /** Closes this peer's links of every kind, whoever called: it is down (rule T2). */
    void hangUp(NodeId peer);
}
