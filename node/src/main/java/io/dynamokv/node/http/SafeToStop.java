package io.dynamokv.node.http;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Partition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Why a node had better not be stopped now: other owners of its partitions are not alive as it sees them, and without it those partitions
 * would have one replica less again; or it keeps writes that their owners have not got yet, and may be the only one that has them.
 */
final class SafeToStop {
    private SafeToStop() {}

    /** One sentence for each node that is missing or waited for; none if it is safe. */
    static List<String> reasonsAgainst(
            ClusterMap map, NodeId self, Function<NodeId, Liveness> liveness, Map<NodeId, Long> hintsWaiting) {
        Map<NodeId, Integer> shared = new HashMap<>();
        int owned = 0;
        for (Partition partition : map.partitions()) {
            if (partition.owners().contains(self)) {
                owned++;
                partition.owners().forEach(owner -> shared.merge(owner, 1, Integer::sum));
            }
        }
        shared.remove(self);
        var reasons = new ArrayList<String>();
        for (var member : map.members()) {
            Integer partitions = shared.get(member.id());
            Liveness seen = liveness.apply(member.id());
            if (partitions != null && seen != Liveness.ALIVE) {
                reasons.add(member.name() + " (" + member.id() + ") is "
                        + seen.name().toLowerCase(Locale.ROOT) + " and owns " + partitions + " of the " + owned
                        + " partitions of this node");
            }
            long hints = hintsWaiting.getOrDefault(member.id(), 0L);
            if (hints > 0) {
                reasons.add(member.name() + " (" + member.id() + ") has not got " + hints
                        + " writes yet that this node keeps for it");
            }
        }
        return reasons;
    }
}
