package io.dynamokv.operator.plan;

import io.dynamokv.operator.nodes.ChainedMap;
import java.util.List;
import java.util.Optional;

/**
 * A cluster as one pass saw it.
 *
 * @param differing objects that are not as they should be, by kind and name
 * @param pods by ordinal
 * @param stored the map in the ConfigMap
 * @param everHadMap the resource's status once spoke of an epoch
 * @param olderClaims volume claims that are older than the resource
 * @param lagging Kubernetes has not seen the newest StatefulSet yet, so which pods are outdated is not known
 * @param smallClaims volume claims that are smaller than wanted
 * @param oldClaimTemplate the StatefulSet would make claims of another size than wanted
 */
public record Observed(
        List<String> differing,
        List<PodView> pods,
        Optional<ChainedMap> stored,
        boolean everHadMap,
        List<String> olderClaims,
        boolean lagging,
        List<String> smallClaims,
        boolean oldClaimTemplate) {
    public Observed {
        differing = List.copyOf(differing);
        pods = List.copyOf(pods);
        olderClaims = List.copyOf(olderClaims);
        smallClaims = List.copyOf(smallClaims);
    }
}
