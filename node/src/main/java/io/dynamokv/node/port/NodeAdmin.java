package io.dynamokv.node.port;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ClusterMap;
import java.util.List;
import java.util.Optional;

/** What the operator, or the demo in its place, may ask of a node. {@code join} and {@code adopt} block until the map is on disk. */
public interface NodeAdmin {
    record Peer(NodeId id, String name, NodeAddress address) {}

    /** @param clusterId empty until the node has joined */
    record Status(NodeId id, String name, Optional<ClusterId> clusterId, long bootNumber, long uptimeSeconds) {}

    sealed interface Adoption {
        record Adopted() implements Adoption {}

        /** Nothing changed. */
        record Refused(String why) implements Adoption {}
    }

    boolean isAuthorized(String bearerToken);

    /** Empty until the node's directory is open. */
    Optional<Status> status();

    Adoption join(ClusterId clusterId, ClusterMap map, List<Peer> peers);

    Adoption adopt(ClusterMap map);
}
