package io.dynamokv.node.storage;

import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import java.util.Objects;

/** Where a peer was last known to be, so that a restarted node finds the others by itself. */
public record PeerEntry(NodeId id, String name, NodeAddress address) {
    public PeerEntry {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(address, "address");
    }
}
