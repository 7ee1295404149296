package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Short words for the tests: {@code node(1)}, {@code members("a", "a", "b")} in those zones, {@code map(members, owners)}. */
final class RingFixtures {
    static final ClusterId CLUSTER = new ClusterId(new UUID(99, 99));
    static final String SOME_HASH = "0123456789abcdef".repeat(4);

    private RingFixtures() {}

    static NodeId node(long number) {
        return new NodeId(new UUID(number, number));
    }

    static List<NodeId> nodes(long... numbers) {
        return Arrays.stream(numbers).mapToObj(RingFixtures::node).toList();
    }

    static Member member(long number, String zone) {
        return new Member(node(number), "node-" + number, new Zone(zone));
    }

    /** Nodes 1, 2 and so on, each in its zone. */
    static List<Member> members(String... zones) {
        return IntStream.range(0, zones.length)
                .mapToObj(i -> member(i + 1, zones[i]))
                .toList();
    }

    static List<Member> membersOfOneZone(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> member(i, "default"))
                .toList();
    }

    static List<Member> randomMembers(RandomGenerator random, int count) {
        var members = new ArrayList<Member>();
        for (int i = 0; i < count; i++) {
            var id = new NodeId(new UUID(random.nextLong(), random.nextLong()));
            members.add(new Member(id, "node-" + i, Zone.DEFAULT));
        }
        return members;
    }

    static ClusterMap.Settings settings(int replicationFactor) {
        return new ClusterMap.Settings(replicationFactor, 1, replicationFactor, Durability.SYNC);
    }

    @SafeVarargs
    static ClusterMap map(List<Member> members, List<NodeId>... owners) {
        return new ClusterMap(
                CLUSTER, ClusterMap.Version.FIRST, settings(owners[0].size()), List.of(), members, partitions(owners));
    }

    @SafeVarargs
    static List<Partition> partitions(List<NodeId>... owners) {
        return IntStream.range(0, owners.length)
                .mapToObj(i -> new Partition(i, Epoch.FIRST, owners[i]))
                .toList();
    }
}
