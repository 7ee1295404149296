package io.dynamokv.node.port;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import java.util.List;
import java.util.Optional;

/** What the operator, or the demo in its place, may ask of a node. {@code join} and {@code adopt} block until the map is on disk. */
public interface NodeAdmin {
    record Peer(NodeId id, String name, NodeAddress address) {}

    /**
     * @param address where others reach the node
     * @param clusterId empty until the node has joined
     * @param draining it was told to stop and finishes what is under way
     */
    record Status(
            NodeId id,
            String name,
            NodeAddress address,
            Optional<ClusterId> clusterId,
            long bootNumber,
            long uptimeSeconds,
            boolean draining,
            int diskUsedPercent) {}

    sealed interface Adoption {
        record Adopted() implements Adoption {}

        /** Nothing changed. */
        record Refused(String why) implements Adoption {}

        /** Nothing changed, and somebody makes maps of epochs that the node has others of (rule M1). */
        record Forked(String why) implements Adoption {}
    }

    boolean isAuthorized(String bearerToken);

    /**
     * Compares every partition with its other owners as soon as possible. Empty while the node's directory is not open.
     *
     * @param rebuild builds the hash trees from the rows before
     */
    Optional<Exchanges> repair(boolean rebuild);

    /** Empty while the node's directory is not open: not yet, or no more. */
    Optional<Status> status();

    /**
     * @param chain the links that lead to the map; at least its own
     * @throws IllegalArgumentException if they do not
     */
    Adoption join(ClusterId clusterId, ClusterMap map, MapChain chain, List<Peer> peers);

    /** @throws IllegalArgumentException if the chain does not lead to the map */
    Adoption adopt(ClusterMap map, MapChain chain);
}
