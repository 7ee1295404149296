package io.dynamokv.node.port;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;

/**
 * One shard's way to its peers; for the shard's thread alone. Never blocks, never throws. Loss is normal: a request may be answered late, or be
 * {@code lost}; silence lasts until the link closes.
 */
public interface PeerLinks {
    /** Is told once, on the shard's thread, and never from within {@code send}. */
    interface Listener {
        void replied(NodeId from, PeerReply reply);

        /** @param maybeDelivered false only if the request surely never reached the peer */
        void lost(NodeId to, boolean maybeDelivered);
    }

    void send(NodeId to, int partition, Epoch lastChanged, PeerRequest request, Listener listener);

    /** What was sent may wait until this is called. */
    void flush();
}
