package io.dynamokv.core.ring;

import static io.dynamokv.core.ring.RingFixtures.CLUSTER;
import static io.dynamokv.core.ring.RingFixtures.membersOfOneZone;
import static io.dynamokv.core.ring.RingFixtures.randomMembers;
import static io.dynamokv.core.ring.RingFixtures.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** First maps (Dynamo 6.2, strategy 3). */
class PlacementTest {
    private record Wanted(int factor, int partitions, List<Member> members) {
        static Wanted random(RandomGenerator random) {
            int factor = random.nextInt(1, 6);
            int nodes = Math.max(factor, random.nextBoolean() ? random.nextInt(3, 12) : random.nextInt(3, 101));
            return new Wanted(factor, 8 << random.nextInt(8), randomMembers(random, nodes));
        }

        ClusterMap map() {
            return Placement.firstMap(CLUSTER, settings(factor), List.of(), members, partitions);
        }

        @Override
        public String toString() {
            return members.size() + " nodes, N " + factor + ", Q " + partitions + ", zones "
                    + members.stream()
                            .collect(Collectors.groupingBy(
                                    member -> member.zone().name(), Collectors.counting()));
        }
    }

    @Test
    void everyPartitionHasNDistinctOwnersAndSlotsAndPrimariesAreWithinOne() {
        SeededProperty.forSeeds(150, random -> {
            var wanted = Wanted.random(random);
            ClusterMap map = wanted.map();

            assertEquals(wanted.partitions, map.partitions().size());
            for (Partition partition : map.partitions()) {
                assertEquals(wanted.factor, new HashSet<>(partition.owners()).size(), wanted::toString);
                assertEquals(Epoch.FIRST, partition.lastChanged());
            }
            assertWithinOne(wanted, map, partition -> partition.owners().stream());
            assertWithinOne(
                    wanted, map, partition -> partition.owners().stream().limit(1));
        });
    }

    /** The nodes of each zone as numbers: {@code zones(2, 2, 1)} has five nodes in three zones. */
    private static Wanted zones(int factor, int partitions, int... nodesOfEach) {
        var zones = new ArrayList<String>();
        for (int zone = 0; zone < nodesOfEach.length; zone++) {
            zones.addAll(Collections.nCopies(nodesOfEach[zone], "zone-" + zone));
        }
        return new Wanted(factor, partitions, RingFixtures.members(zones.toArray(String[]::new)));
    }

    private static Wanted randomZones(RandomGenerator random, boolean equal) {
        int factor = random.nextInt(1, 6);
        int[] nodesOfEach = new int[random.nextInt(1, 6)];
        int same = random.nextInt(1, 100 / nodesOfEach.length + 1);
        Arrays.setAll(nodesOfEach, zone -> equal ? same : random.nextInt(1, 100 / nodesOfEach.length + 1));
        nodesOfEach[0] += Math.max(0, factor - Arrays.stream(nodesOfEach).sum());
        Wanted wanted = zones(factor, 8 << random.nextInt(7), nodesOfEach);
        return new Wanted(factor, wanted.partitions, withRandomIds(random, wanted.members));
    }

    private static List<Member> withRandomIds(RandomGenerator random, List<Member> members) {
        return members.stream()
                .map(member -> new Member(
                        new NodeId(new UUID(random.nextLong(), random.nextLong())), member.name(), member.zone()))
                .toList();
    }

    @Test
    void everyPartitionHasAsManyZonesAsThereAreAndNDistinctOwners() {
        SeededProperty.forSeeds(200, random -> {
            Wanted wanted = randomZones(random, random.nextBoolean());
            ClusterMap map = wanted.map();
            int zones = Math.min(wanted.factor, nodesByZone(map).size());

            for (Partition partition : map.partitions()) {
                assertEquals(wanted.factor, new HashSet<>(partition.owners()).size(), wanted::toString);
                assertEquals(zones, zonesOf(map, partition).size(), wanted::toString);
            }
        });
    }

    @Test
    void twoNodesOfAZoneAreWithinOneAndOfEqualZonesAnyTwo() {
        SeededProperty.forSeeds(200, random -> {
            boolean equal = random.nextBoolean();
            Wanted wanted = randomZones(random, equal);
            ClusterMap map = wanted.map();
            Map<NodeId, Integer> slots = countOf(map, partition -> partition.owners().stream());

            for (List<NodeId> ofOneZone : nodesByZone(map).values()) {
                assertWithinOne(wanted, ofOneZone.stream().map(slots::get).toList());
            }
            if (nodesByZone(map).values().stream().map(List::size).distinct().count() == 1) {
                assertWithinOne(wanted, slots.values());
            }
        });
    }

    @Test
    void primariesAreWithinOneWhateverTheZones() {
        SeededProperty.forSeeds(200, random -> {
            Wanted wanted = randomZones(random, random.nextBoolean());
            ClusterMap map = wanted.map();

            assertWithinOne(
                    wanted,
                    countOf(map, partition -> partition.owners().stream().limit(1))
                            .values());
        });
    }

    /** What zones cannot change: two zones of one node each own everything, and the others share what is left. */
    @Test
    void aZoneOfFewNodesOwnsMoreForTheSakeOfDiversity() {
        ClusterMap map = zones(3, 256, 1, 1, 8).map();

        Map<NodeId, Integer> slots = countOf(map, partition -> partition.owners().stream());
        assertEquals(256, slots.get(RingFixtures.node(1)));
        assertEquals(256, slots.get(RingFixtures.node(2)));
        assertEquals(32, slots.get(RingFixtures.node(3)));
        assertEquals(256 / 76.8 - 1, Placement.imbalance(map), 1e-9);
    }

    @Test
    void theImbalanceOfAnEvenMapIsNothing() {
        assertEquals(0.0, Placement.imbalance(zones(3, 256, 1, 1, 1).map()), 1e-9);
        assertEquals(0.0, Placement.imbalance(zones(3, 256, 2, 2, 2).map()), 1e-9);
        assertEquals(154 / 153.6 - 1, Placement.imbalance(zones(3, 256, 5).map()), 1e-9);
    }

    /** A demo's cluster has one zone, and its first map must not change with a release: it is made again from its members. */
    @Test
    void theMapOfOneZoneIsWhatItEverWas() {
        assertEquals(
                "a7d1fac5c50191492ae58697be85fa514c0979fb1aba89f500bed417b71526eb",
                new Wanted(3, 256, membersOfOneZone(5)).map().hash());
    }

    private static Map<String, List<NodeId>> nodesByZone(ClusterMap map) {
        return map.members().stream()
                .collect(Collectors.groupingBy(
                        member -> member.zone().name(), Collectors.mapping(Member::id, Collectors.toList())));
    }

    private static Set<String> zonesOf(ClusterMap map, Partition partition) {
        return partition.owners().stream()
                .map(id -> map.member(id).orElseThrow().zone().name())
                .collect(Collectors.toSet());
    }

    @Test
    void theOwnersAreTheSameForTheSameMembersInAnyOrder() {
        SeededProperty.forSeeds(40, random -> {
            var wanted = Wanted.random(random);
            var shuffled = new ArrayList<>(wanted.members);
            Collections.shuffle(shuffled, Random.from(random));

            assertEquals(
                    wanted.map().partitions(),
                    new Wanted(wanted.factor, wanted.partitions, shuffled).map().partitions(),
                    wanted::toString);
        });
    }

    @Test
    void aThousandPartitionsOnAHundredNodesArePlacedInTime() {
        var wanted = new Wanted(5, 1024, membersOfOneZone(100));

        assertTimeoutPreemptively(Duration.ofSeconds(20), wanted::map);
        assertTimeoutPreemptively(Duration.ofSeconds(5), zones(3, 256, 20, 20, 20, 20, 20)::map);
    }

    /** As many members as owners: everybody owns everything, and the primaries still go round. */
    @Test
    void nMembersOwnEverything() {
        var wanted = new Wanted(3, 256, membersOfOneZone(3));
        ClusterMap map = wanted.map();

        assertWithinOne(wanted, map, partition -> partition.owners().stream().limit(1));
        map.partitions().forEach(partition -> assertEquals(3, partition.owners().size()));
    }

    /** The partitions of a dead node are spread over many, so that not its neighbours alone carry its load. */
    @Test
    void aNodeSharesItsPartitionsWithManyOthers() {
        ClusterMap map = new Wanted(3, 256, membersOfOneZone(10)).map();
        for (Member member : map.members()) {
            var sharing = new HashSet<NodeId>();
            for (Partition partition : map.partitions()) {
                if (partition.owners().contains(member.id())) {
                    sharing.addAll(partition.owners());
                }
            }
            assertEquals(10, sharing.size(), () -> member.name());
        }
    }

    @Test
    void theFirstMapIsTheFirst() {
        ClusterMap map = new Wanted(3, 8, membersOfOneZone(3)).map();

        assertEquals(ClusterMap.Version.FIRST, map.version());
        assertEquals(CLUSTER, map.clusterId());
    }

    @Test
    void fewerMembersThanOwnersAreRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> new Wanted(3, 8, membersOfOneZone(2)).map());

        assertEquals("a replication factor of 3 needs at least 3 members, there are 2", e.getMessage());
    }

    private static void assertWithinOne(Wanted wanted, ClusterMap map, Function<Partition, Stream<NodeId>> which) {
        assertWithinOne(wanted, countOf(map, which).values());
    }

    private static Map<NodeId, Integer> countOf(ClusterMap map, Function<Partition, Stream<NodeId>> which) {
        Map<NodeId, Integer> counts = new HashMap<>();
        map.members().forEach(member -> counts.put(member.id(), 0));
        map.partitions().stream().flatMap(which).forEach(id -> counts.merge(id, 1, Integer::sum));
        return counts;
    }

    private static void assertWithinOne(Wanted wanted, Collection<Integer> counts) {
        int least = Collections.min(counts);
        int most = Collections.max(counts);
        assertTrue(most - least <= 1, () -> wanted + ": from " + least + " to " + most);
    }
}
