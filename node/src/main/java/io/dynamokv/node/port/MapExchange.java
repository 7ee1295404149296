package io.dynamokv.node.port;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import java.util.Optional;

/** How nodes pass maps on to each other. Both methods may block. */
public interface MapExchange {
    /**
     * The newest map with what a node needs that has one of that epoch.
     *
     * @return empty if this node has none that is newer
     */
    Optional<MapCopy> newerThan(Epoch epoch);

    /**
     * Adopts the map if it follows this node's own (rules M1 to M3).
     *
     * @return whether this node now holds it, or a newer one
     */
    boolean offer(NodeId from, MapCopy copy);
}
