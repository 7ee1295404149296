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
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.random.RandomGenerator;
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
            return members.size() + " nodes, N " + factor + ", Q " + partitions;
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
        Map<NodeId, Integer> counts = new HashMap<>();
        map.members().forEach(member -> counts.put(member.id(), 0));
        map.partitions().stream().flatMap(which).forEach(id -> counts.merge(id, 1, Integer::sum));
        int least = Collections.min(counts.values());
        int most = Collections.max(counts.values());
        assertTrue(most - least <= 1, () -> wanted + ": from " + least + " to " + most);
    }
}
