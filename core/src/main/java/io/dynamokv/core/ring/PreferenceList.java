package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The walk of a partition (rule W1, Dynamo 4.3): its owners in slot order, then all other members by rendezvous hash, those of zones
 * that the walk has not seen yet first.
 */
public record PreferenceList(Partition partition, List<NodeId> walk) {
    public static PreferenceList of(ClusterMap map, Partition partition) {
        var walk = new ArrayList<>(partition.owners());
        Set<Zone> seen = new LinkedHashSet<>();
        var others = new ArrayList<Member>();
        for (Member member : map.members()) {
            if (partition.owners().contains(member.id())) {
                seen.add(member.zone());
            } else {
                others.add(member);
            }
        }
        var order = Rendezvous.orderFor(partition.number());
        others.sort((a, b) -> order.compare(a.id(), b.id()));
        var later = new ArrayList<NodeId>();
        for (Member member : others) {
            (seen.add(member.zone()) ? walk : later).add(member.id());
        }
        walk.addAll(later);
        return new PreferenceList(partition, List.copyOf(walk));
    }

    public List<NodeId> owners() {
        return partition.owners();
    }

    public boolean isOwner(NodeId id) {
        return partition.owners().contains(id);
    }
}
