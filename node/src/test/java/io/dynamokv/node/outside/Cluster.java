package io.dynamokv.node.outside;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.MapDocument;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.ring.Placement;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;

/** What the operator does for a cluster: the first map, and the call that hands it to the nodes. */
final class Cluster {
    static final ClusterId ID = new ClusterId(new UUID(0xC1, 1));
    static final Bucket LATEST = new Bucket("latest-things", Conflicts.LATEST);
    /** With limits of its own. */
    static final Bucket SMALL = new Bucket(
            "small-things",
            Conflicts.SIBLINGS,
            Bucket.Quorums.OF_THE_CLUSTER,
            new Bucket.Limits(OptionalInt.of(10), OptionalInt.of(2)));
    /** With quorums of its own: one replica is enough. */
    static final Bucket QUICK = new Bucket(
            "quick-things",
            Conflicts.SIBLINGS,
            new Bucket.Quorums(OptionalInt.of(1), OptionalInt.of(1)),
            Bucket.Limits.OF_THE_NODES);

    static final int PARTITIONS = 8;
    /** The lock of classes with clusters: those of up to three nodes share it. Two cores that start more at once answer nobody in time. */
    static final String MACHINE = "the machine";
    /**
     * Of the classes that have the machine to themselves. One of the two threads takes classes from the first on, the other from the last on, where those without
     * clusters are; so nobody waits for a lock that the other has.
     */
    static final int FIRST = 1;

    /** Of those that share it. */
    static final int SECOND = 2;

    private Cluster() {}

    /** N is their number, at most three. */
    static ClusterMap mapOf(ClusterId id, List<NodeUnderTest> nodes) throws IOException, InterruptedException {
        var members = new ArrayList<Member>();
        for (NodeUnderTest node : nodes) {
            members.add(new Member(new NodeId(node.id()), node.host(), Zone.DEFAULT));
        }
        int n = Math.min(3, nodes.size());
        int majority = n / 2 + 1;
        return Placement.firstMap(
                id,
                new ClusterMap.Settings(n, majority, majority, Durability.SYNC),
                List.of(LATEST, SMALL, QUICK),
                members,
                PARTITIONS);
    }

    static ClusterMap join(List<NodeUnderTest> nodes) throws IOException, InterruptedException {
        ClusterMap map = mapOf(ID, nodes);
        join(map, nodes);
        return map;
    }

    /** Also again, with a map that follows. */
    static void join(ClusterMap map, List<NodeUnderTest> nodes) throws IOException, InterruptedException {
        for (NodeUnderTest node : nodes) {
            HttpResponse<byte[]> response =
                    node.tellAdmin("POST", "/admin/v1/join", NodeUnderTest.bearer(), joinOf(map, nodes));
            if (response.statusCode() != 200) {
                throw new AssertionError("join: " + response.statusCode() + " " + new String(response.body(), UTF_8));
            }
        }
    }

    /** The map that follows, with a new node in all slots of one that is gone for good. */
    static ClusterMap replace(ClusterMap map, NodeId gone, NodeUnderTest node)
            throws IOException, InterruptedException {
        var instead = new Member(new NodeId(node.id()), node.host(), Zone.DEFAULT);
        Epoch epoch = map.epoch().next();
        return new ClusterMap(
                map.clusterId(),
                new ClusterMap.Version(map.version().term(), epoch, map.hash()),
                map.settings(),
                map.buckets(),
                map.members().stream()
                        .map(member -> member.id().equals(gone) ? instead : member)
                        .toList(),
                map.partitions().stream()
                        .map(partition -> new Partition(
                                partition.number(),
                                epoch,
                                partition.owners().stream()
                                        .map(owner -> owner.equals(gone) ? instead.id() : owner)
                                        .toList()))
                        .toList());
    }

    /** By gossip and by each node's links. */
    static void awaitAlive(List<NodeUnderTest> nodes) throws IOException, InterruptedException {
        int others = nodes.size() - 1;
        for (NodeUnderTest node : nodes) {
            node.await(
                    "all alive",
                    () -> node.metric("dynamokv_members_alive") == others
                            && node.metric("dynamokv_peers_alive") == others);
        }
    }

    /** All replicas are compared with each other, and are equal when it returns, if nobody writes. */
    static void repair(List<NodeUnderTest> nodes) throws IOException, InterruptedException {
        for (NodeUnderTest node : nodes) {
            HttpResponse<byte[]> answer = node.tellAdmin("POST", "/admin/v1/repair", NodeUnderTest.bearer(), "");
            if (answer.statusCode() != 202) {
                throw new AssertionError("repair: " + answer.statusCode() + " " + new String(answer.body(), UTF_8));
            }
        }
        awaitCompared(nodes);
    }

    static void awaitCompared(List<NodeUnderTest> nodes) throws IOException, InterruptedException {
        for (NodeUnderTest node : nodes) {
            node.await("all pairs compared", () -> node.metric("dynamokv_exchanges_owed") == 0);
        }
    }

    static String joinOf(ClusterMap map, List<NodeUnderTest> nodes) throws IOException, InterruptedException {
        var peers = new ArrayList<Map<String, Object>>();
        for (NodeUnderTest node : nodes) {
            peers.add(peer(node));
        }
        return json(map.clusterId().toString(), MapDocument.of(map), peers);
    }

    static Map<String, Object> peer(NodeUnderTest node) throws IOException, InterruptedException {
        return Map.of(
                "nodeId", node.id().toString(),
                "name", node.host(),
                "host", node.advertisedHost(),
                "peerPort", node.peerPort(),
                "httpPort", node.httpPort());
    }

    static String json(String clusterId, MapDocument map, List<?> peers) throws IOException {
        return NodeUnderTest.JSON.writeValueAsString(Map.of("clusterId", clusterId, "map", map, "peers", peers));
    }
}
