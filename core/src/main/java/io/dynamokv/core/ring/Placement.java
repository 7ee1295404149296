package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The pure planner of maps. For a fresh cluster: N distinct nodes for every partition, in as many zones as there are; then the numbers of
 * slots of two nodes of a zone at most one apart, and of any two nodes where the zones are equal; and those of primaries (first slots)
 * at most one apart too (Dynamo 6.2, strategy 3).
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
        List<List<NodeId>> owners = balancedOwners(zonesOf(members), factor, partitions);
        balancePrimaries(ids, owners);
        List<Partition> placed = IntStream.range(0, partitions)
                .mapToObj(number -> new Partition(number, Epoch.FIRST, owners.get(number)))
                .toList();
        return new ClusterMap(clusterId, ClusterMap.Version.FIRST, settings, buckets, members, placed);
    }

    /** How much more the busiest member owns than members do on average: 0 is perfect, 0.5 is half as much again. */
    public static double imbalance(ClusterMap map) {
        Map<NodeId, Integer> slots = new LinkedHashMap<>();
        map.partitions().forEach(partition -> partition.owners().forEach(id -> slots.merge(id, 1, Integer::sum)));
        int most = slots.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        double mean = (double) map.settings().replicationFactor()
                * map.partitions().size()
                / map.members().size();
        return most / mean - 1;
    }

    /** The nodes of each zone, everything in the order of ids, whatever that of the members is. */
    private static List<List<NodeId>> zonesOf(List<Member> members) {
        var zones = new LinkedHashMap<Zone, List<NodeId>>();
        members.stream()
                .sorted(Comparator.comparing(Member::id))
                .forEach(member -> zones.computeIfAbsent(member.zone(), zone -> new ArrayList<>())
                        .add(member.id()));
        return List.copyOf(zones.values());
    }

    /**
     * In each of its zones a partition takes the nodes that have the fewest slots so far, so no two of a zone are ever more than one apart;
     * ties go by rendezvous hash, so that a node shares its partitions with many others and not with its neighbours alone.
     */
    private static List<List<NodeId>> balancedOwners(List<List<NodeId>> zones, int factor, int partitions) {
        Map<NodeId, Integer> slots = new LinkedHashMap<>();
        zones.forEach(zone -> zone.forEach(id -> slots.put(id, 0)));
        var shares = new ZoneShares(zones, factor, partitions);
        var owners = new ArrayList<List<NodeId>>(partitions);
        for (int number = 0; number < partitions; number++) {
            Comparator<NodeId> order = Rendezvous.orderFor(number);
            var chosen = new ArrayList<NodeId>(factor);
            for (ZoneShares.Deal deal : shares.deal(number)) {
                deal.nodes().stream()
                        .sorted(Comparator.<NodeId>comparingInt(slots::get).thenComparing(order))
                        .limit(deal.slots())
                        .forEach(chosen::add);
            }
            chosen.forEach(id -> slots.merge(id, 1, Integer::sum));
            chosen.sort(order);
            owners.add(chosen);
        }
        return owners;
    }

    /** While a node has two primaries more than another, passes one along a chain of partitions that both ends' neighbours share. */
    private static void balancePrimaries(List<NodeId> ids, List<List<NodeId>> owners) {
        Map<NodeId, Integer> primaries = new LinkedHashMap<>();
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
        if (Collections.min(primaries.values()) > has - 2) {
            return false;
        }
        Map<NodeId, List<Integer>> primaryOf = new LinkedHashMap<>();
        for (int number = 0; number < owners.size(); number++) {
            primaryOf
                    .computeIfAbsent(owners.get(number).getFirst(), id -> new ArrayList<>())
                    .add(number);
        }
        Map<NodeId, Integer> cameBy = new LinkedHashMap<>();
        var open = new ArrayDeque<>(List.of(rich));
        while (!open.isEmpty()) {
            NodeId giver = open.remove();
            for (int number : primaryOf.getOrDefault(giver, List.of())) {
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
