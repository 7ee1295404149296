package io.dynamokv.operator.plan;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.operator.nodes.NodeReport;
import java.util.Optional;

/**
 * A pod as it was seen.
 *
 * @param zone of the Kubernetes node that it is on; empty while that is not known
 * @param outdated it was made from an older template than the StatefulSet's
 * @param stuck why its container does not start, if Kubernetes says so
 */
public record PodView(
        String name,
        int ordinal,
        String uid,
        String ip,
        Optional<String> zone,
        boolean ready,
        boolean deleting,
        boolean outdated,
        Optional<String> stuck,
        NodeReport report) {
    public Optional<NodeId> nodeId() {
        return switch (report) {
            case NodeReport.Empty(NodeId id) -> Optional.of(id);
            case NodeReport.Serving serving -> Optional.of(serving.id());
            case NodeReport.Unreachable _ -> Optional.empty();
        };
    }

    public Optional<NodeReport.Serving> serving() {
        return report instanceof NodeReport.Serving serving ? Optional.of(serving) : Optional.empty();
    }

    public boolean isEmpty() {
        return report instanceof NodeReport.Empty;
    }
}
