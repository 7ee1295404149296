package io.dynamokv.node.port;

import io.dynamokv.core.cluster.NodeId;

/** Hears how peers are by the links of requests. May be called from any thread. */
public interface PeerObserver {
    /** Anything came from the peer. Told now and then, not for every message. */
    void heard(NodeId peer);

    /** The peer was asked for a sign of life, or would have been if there were a link to it. */
    void asked(NodeId peer);

    /** The peer's machine says that nothing listens at its address. */
    void refused(NodeId peer);
}
