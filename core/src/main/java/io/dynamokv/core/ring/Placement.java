package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The pure planner of maps. For a fresh cluster: N distinct nodes for every partition, the numbers of slots of two nodes at most one apart, and
 * those of primaries (first slots) too (Dynamo 6.2, strategy 3).
 */
public final class Placement {
    private Placement() {}

    /** @throws IllegalArgumentException if there are fewer members than the replication factor */
    public static ClusterMap firstMap(
            ClusterId clusterId,
            ClusterMap.Settings settings,
            List<Bucket> buckets,
            List<Member> members,
            int partitions) {
        int factor = settings.replicationFactor();
        if (members.size() < factor) {
            throw new IllegalArgumentException("a replication factor of " + factor + " needs at least " + factor
                    + " members, there are " + members.size());
        }
        List<NodeId> ids = members.stream().map(Member::id).sorted().toList();
        List<List<NodeId>> owners = balancedOwners(ids, factor, partitions);
        balancePrimaries(ids, owners);
        List<Partition> placed = IntStream.range(0, partitions)
                .mapToObj(number -> new Partition(number, Epoch.FIRST, owners.get(number)))
                .toList();
        return new ClusterMap(clusterId, ClusterMap.Version.FIRST, settings, buckets, members, placed);
    }

    /**
     * Each partition takes the N nodes that have the fewest slots so far, so no two are ever more than one apart; ties go by
     * rendezvous hash, so that a node shares its partitions with many others and not with its neighbours alone.
     */
    private static List<List<NodeId>> balancedOwners(List<NodeId> ids, int factor, int partitions) {
        Map<NodeId, Integer> slots = new HashMap<>();
        ids.forEach(id -> slots.put(id, 0));
        var owners = new ArrayList<List<NodeId>>(partitions);
        for (int number = 0; number < partitions; number++) {
            List<NodeId> chosen = ids.stream()
                    .sorted(Comparator.<NodeId>comparingInt(slots::get).thenComparing(Rendezvous.orderFor(number)))
                    .limit(factor)
                    .toList();
            chosen.forEach(id -> slots.merge(id, 1, Integer::sum));
            var inWalkOrder = new ArrayList<>(chosen);
            inWalkOrder.sort(Rendezvous.orderFor(number));
            owners.add(inWalkOrder);
        }
        return owners;
    }

    /** While a node has two primaries more than another, passes one along a chain of partitions that both ends' neighbours share. */
    private static void balancePrimaries(List<NodeId> ids, List<List<NodeId>> owners) {
        Map<NodeId, Integer> primaries = new HashMap<>();
        ids.forEach(id -> primaries.put(id, 0));
        owners.forEach(list -> primaries.merge(list.getFirst(), 1, Integer::sum));
        boolean moved = true;
        while (moved) {
            moved = false;
            for (NodeId rich : ids) {
                moved |= passOn(rich, owners, primaries);
            }
        }
    }

    /** Breadth first over "is primary of a partition that the other one owns too", to the nearest node with two fewer. */
    private static boolean passOn(NodeId rich, List<List<NodeId>> owners, Map<NodeId, Integer> primaries) {
        int has = primaries.getOrDefault(rich, 0);
        Map<NodeId, Integer> cameBy = new HashMap<>();
        var open = new ArrayDeque<>(List.of(rich));
        while (!open.isEmpty()) {
            NodeId giver = open.remove();
            for (int number = 0; number < owners.size(); number++) {
                if (!owners.get(number).getFirst().equals(giver)) {
                    continue;
                }
                for (NodeId taker : owners.get(number)) {
                    if (taker.equals(rich) || cameBy.putIfAbsent(taker, number) != null) {
                        continue;
                    }
                    if (primaries.getOrDefault(taker, 0) <= has - 2) {
                        handOver(rich, taker, owners, cameBy);
                        primaries.merge(rich, -1, Integer::sum);
                        primaries.merge(taker, 1, Integer::sum);
                        return true;
                    }
                    open.add(taker);
                }
            }
        }
        return false;
    }

    private static void handOver(NodeId from, NodeId to, List<List<NodeId>> owners, Map<NodeId, Integer> cameBy) {
        NodeId taker = to;
        while (!taker.equals(from)) {
            Integer number = cameBy.get(taker);
            if (number == null) {
                throw new IllegalStateException("the chain from " + from + " to " + to + " is broken at " + taker);
            }
            List<NodeId> list = owners.get(number);
            NodeId giver = list.getFirst();
            Collections.swap(list, 0, list.indexOf(taker));
            taker = giver;
        }
    }
}
