package io.dynamokv.node.port;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import java.util.Map;
import java.util.Optional;

/** What the node knows of its cluster, and owes to it. From any thread. */
public interface MapSource {
    /** Empty until the node has opened its directory, and once it has closed it. */
    Optional<NodeId> self();

    /** Empty until the node has joined. */
    Optional<ClusterMap> map();

    /** How the map came to be, as far as the node knows. Ends with the map. */
    MapChain chain();

    /** Of the other members. */
    Map<NodeId, NodeAddress> addresses();

    /** Whether clients' requests belong here: the node is a member of its map, and is not stopping. */
    boolean isReady();

    /** This node itself is ALIVE. */
    Liveness liveness(NodeId node);

    /** Since when, in milliseconds since 1970; 0 of a node that is not watched. */
    long livenessSinceMillis(NodeId node);

    /** How many writes this node keeps for each owner that was down, until it has got them. */
    Map<NodeId, Long> hintsWaiting();

    /** How far this node is in comparing what it holds with the other owners. */
    Exchanges exchanges();
}
