package io.dynamokv.operator.nodes;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ChainLink;
import java.util.Map;

/** What a pod's node says of itself. */
public sealed interface NodeReport {
    /** Its directory is empty; it waits for its first map. */
    record Empty(NodeId id) implements NodeReport {}

    /**
     * @param newest its map
     * @param liveness of the other members as it sees them: alive, suspect or down
     */
    record Serving(NodeId id, ClusterId clusterId, ChainLink newest, Map<NodeId, String> liveness)
            implements NodeReport {}

    record Unreachable(String why) implements NodeReport {}
}
