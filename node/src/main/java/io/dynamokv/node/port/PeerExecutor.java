package io.dynamokv.node.port;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import java.util.function.Consumer;

/** Executes what peers ask. Never blocks, never throws; is called on a link's thread. */
public interface PeerExecutor {
    /**
     * @param lastChanged the epoch at which the sender's map last changed the partition (rule M6)
     * @param reply is called once, on any thread
     */
    void execute(NodeId from, int partition, Epoch lastChanged, PeerRequest request, Consumer<PeerReply> reply);
}
