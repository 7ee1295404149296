package io.dynamokv.core.ring;

import static io.dynamokv.core.ring.RingFixtures.CLUSTER;
import static io.dynamokv.core.ring.RingFixtures.map;
import static io.dynamokv.core.ring.RingFixtures.member;
import static io.dynamokv.core.ring.RingFixtures.members;
import static io.dynamokv.core.ring.RingFixtures.membersOfOneZone;
import static io.dynamokv.core.ring.RingFixtures.node;
import static io.dynamokv.core.ring.RingFixtures.nodes;
import static io.dynamokv.core.ring.RingFixtures.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The walk of rule W1 (Dynamo 4.3). */
class PreferenceListTest {
    private static List<NodeId> walk(ClusterMap map) {
        return PreferenceList.of(map, map.partitions().getFirst()).walk();
    }

    @Test
    void theOwnersComeFirstInTheOrderOfTheirSlots() {
        ClusterMap map = map(membersOfOneZone(6), nodes(5, 2, 4));
        PreferenceList list = PreferenceList.of(map, map.partitions().getFirst());

        assertEquals(nodes(5, 2, 4), list.walk().subList(0, 3));
        assertEquals(nodes(5, 2, 4), list.owners());
        assertTrue(list.isOwner(node(2)));
        assertFalse(list.isOwner(node(1)));
    }

    /** Nodes of two releases walk together, so the rendezvous order stands here as it was first released. */
    @Test
    void theOtherMembersFollowByRendezvousHashWhichNeverChanges() {
        assertEquals(nodes(2, 1, 4, 6, 5, 3), walk(map(membersOfOneZone(6), nodes(2))));

        List<NodeId> all = new ArrayList<>(nodes(1, 2, 3, 4, 5, 6));
        all.sort(Rendezvous.orderFor(1));
        assertEquals(nodes(3, 6, 1, 5, 4, 2), all);
        all.sort(Rendezvous.orderFor(255));
        assertEquals(nodes(5, 3, 4, 1, 2, 6), all);
    }

    /** The order for partition 0 is 1, 4, 6, 5, 3, 2. Node 2 owns; 1 and 4 are of its zone, 6 and 5 of a new one, 3 of another. */
    @Test
    void membersOfZonesThatTheWalkHasNotSeenComeFirst() {
        ClusterMap map = map(members("a", "a", "c", "a", "b", "b"), nodes(2));

        assertEquals(nodes(2, 6, 3, 1, 4, 5), walk(map));
    }

    @Test
    void everyMemberIsOnTheWalkOnce() {
        SeededProperty.forSeeds(200, random -> {
            ClusterMap map = randomMap(random);
            for (Partition partition : map.partitions()) {
                List<NodeId> walk = PreferenceList.of(map, partition).walk();
                assertEquals(map.members().size(), walk.size());
                assertEquals(map.members().stream().map(Member::id).collect(Collectors.toSet()), new HashSet<>(walk));
            }
        });
    }

    @Test
    void zonesRepeatOnlyAfterAllHaveCome() {
        SeededProperty.forSeeds(200, random -> {
            ClusterMap map = randomMap(random);
            Map<NodeId, Zone> zones = zones(map);
            for (Partition partition : map.partitions()) {
                List<NodeId> walk = PreferenceList.of(map, partition).walk();
                Set<Zone> seen = partition.owners().stream().map(zones::get).collect(Collectors.toSet());
                boolean repeated = false;
                for (NodeId id : walk.subList(partition.owners().size(), walk.size())) {
                    boolean isNew = seen.add(map.member(id).orElseThrow().zone());
                    assertFalse(repeated && isNew, () -> walk + " repeats a zone before the last new one");
                    repeated |= !isNew;
                }
            }
        });
    }

    /** Each node computes the walk on its own; the order in which the map lists its members means nothing. */
    @Test
    void theWalkIsTheSameForAllNodes() {
        SeededProperty.forSeeds(200, random -> {
            ClusterMap map = randomMap(random);
            var shuffled = new ArrayList<>(map.members());
            Collections.shuffle(shuffled, Random.from(random));
            var same = new ClusterMap(
                    map.clusterId(), map.version(), map.settings(), map.buckets(), shuffled, map.partitions());
            for (int i = 0; i < map.partitions().size(); i++) {
                assertEquals(
                        PreferenceList.of(map, map.partitions().get(i)).walk(),
                        PreferenceList.of(same, same.partitions().get(i)).walk());
            }
        });
    }

    /** Hints go to the next member of the walk: if a death moved others about, they would be looked for in the wrong place. */
    @Test
    void theDeathOfOneOtherMemberMovesNobodyElseOfItsZones() {
        SeededProperty.forSeeds(200, random -> {
            ClusterMap map = randomMap(random);
            Partition partition = map.partitions().getFirst();
            List<Member> others = map.members().stream()
                    .filter(member -> !partition.owners().contains(member.id()))
                    .toList();
            if (others.isEmpty()) {
                return;
            }
            Member dead = others.get(random.nextInt(others.size()));
            var rest = new ArrayList<>(map.members());
            rest.remove(dead);
            var without =
                    new ClusterMap(CLUSTER, map.version(), map.settings(), map.buckets(), rest, List.of(partition));

            Map<NodeId, Zone> zones = zones(map);
            List<NodeId> expected =
                    new ArrayList<>(PreferenceList.of(map, partition).walk());
            List<NodeId> actual =
                    new ArrayList<>(PreferenceList.of(without, partition).walk());
            if (zones.values().stream().distinct().count() > 1) {
                expected.removeIf(id -> dead.zone().equals(zones.get(id)));
                actual.removeIf(id -> dead.zone().equals(zones.get(id)));
            }
            expected.remove(dead.id());
            assertEquals(expected, actual);
        });
    }

    private static Map<NodeId, Zone> zones(ClusterMap map) {
        return map.members().stream().collect(Collectors.toMap(Member::id, Member::zone));
    }

    private static ClusterMap randomMap(RandomGenerator random) {
        int factor = random.nextInt(1, 4);
        int zones = random.nextInt(1, 4);
        var members = new ArrayList<Member>();
        int count = random.nextInt(factor, 10);
        for (int i = 1; i <= count; i++) {
            members.add(member(i * 31L + random.nextInt(31), "zone-" + random.nextInt(zones)));
        }
        return Placement.firstMap(CLUSTER, settings(factor), List.of(), members, 4);
    }
}
