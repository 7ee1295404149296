package io.dynamokv.node.port;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ClusterMap;
import java.util.Map;
import java.util.Optional;

/** What the node knows of its cluster. From any thread. */
public interface MapSource {
    /** Empty until the node has joined. */
    Optional<ClusterMap> map();

    Map<NodeId, NodeAddress> addresses();

    /** This node itself is ALIVE. */
    Liveness liveness(NodeId node);
}
