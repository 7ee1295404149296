package io.dynamokv.node.storage;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeId;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code node.json}: who the node is, the cluster that it belongs to, once it does, and how its rows lie in the database.
 *
 * @param layout absent in format 1, where it was 1
 */
record NodeDocument(
        int format,
        @Nullable Integer layout,
        String nodeId,
        @Nullable String clusterId) {
    static final int FORMAT_MAX = 2;
    /** Rows lie by the leaves of hash trees ({@link RowKey}, {@link LeafRows}); in 1 they did not. */
    static final int LAYOUT = 2;

    record Identity(NodeId nodeId, Optional<ClusterId> clusterId) {}

    static NodeDocument of(Identity identity) {
        return new NodeDocument(
                FORMAT_MAX,
                LAYOUT,
                identity.nodeId().toString(),
                identity.clusterId().map(ClusterId::toString).orElse(null));
    }

    /** @throws IllegalArgumentException if it is not what any release wrote */
    NodeDocument checked() {
        Objects.requireNonNull(toIdentity());
        if ((format > 1) != (layout != null)) {
            throw new IllegalArgumentException("format " + format + " with layout " + layout);
        }
        return this;
    }

    int layoutOfRows() {
        return layout == null ? 1 : layout;
    }

    Identity toIdentity() {
        return new Identity(NodeId.parse(nodeId), Optional.ofNullable(clusterId).map(ClusterId::parse));
    }
}
