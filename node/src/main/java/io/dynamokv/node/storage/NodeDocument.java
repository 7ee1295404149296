package io.dynamokv.node.storage;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file {@code node.json}: who the node is, and the cluster that it belongs to, once it does. */
record NodeDocument(int format, String nodeId, @Nullable String clusterId) {
    record Identity(NodeId nodeId, Optional<ClusterId> clusterId) {}

    static NodeDocument of(Identity identity) {
        return new NodeDocument(
                1,
                identity.nodeId().toString(),
                identity.clusterId().map(ClusterId::toString).orElse(null));
    }

    Identity toIdentity() {
        return new Identity(NodeId.parse(nodeId), Optional.ofNullable(clusterId).map(ClusterId::parse));
    }
}
