package io.dynamokv.node.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.ring.Partition;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Dynamo 4.6, rules W1, R2, H1, H2: five nodes, three of which own a key; two of its owners die, then all three. */
@Order(Cluster.FIRST)
@ResourceLock(value = Cluster.MACHINE, mode = ResourceAccessMode.READ_WRITE)
class SloppyQuorumIT {
    private static final int WRITES = 40;

    @TempDir
    private Path directory;

    private final List<NodeUnderTest> owners = new ArrayList<>();
    private final List<NodeUnderTest> others = new ArrayList<>();
    /** Keys of the one partition that the owners own. */
    private final List<String> keys = new ArrayList<>();

    private final Map<String, String> written = new LinkedHashMap<>();

    @Test
    void theStoreIsWritableWithTwoAndWithNoOwnerLeftAndEveryWriteReachesItsOwners() throws Exception {
        var all = new ArrayList<NodeUnderTest>();
        try {
            for (int i = 0; i < 5; i++) {
                all.add(NodeUnderTest.start("127.0.0." + (101 + i), directory.resolve("node-" + i)));
            }
            for (NodeUnderTest node : all) {
                node.awaitOpen();
            }
            ClusterMap map = Cluster.join(all);
            Partition partition = map.partitions().getFirst();
            IntStream.iterate(0, i -> i + 1)
                    .mapToObj(i -> new Key("carts", "key-" + i))
                    .filter(key -> map.partitionOf(key.token()).equals(partition))
                    .limit(2 * WRITES)
                    .forEach(key -> keys.add(key.name()));
            for (NodeUnderTest node : all) {
                (partition.owners().contains(new NodeId(node.id())) ? owners : others).add(node);
            }
            awaitDown(all, 0);

            withTwoOwnersDead();
            withNoOwnerLeft();
            hintsSurviveTheirKeepersDeathAndReachTheOwners();
        } finally {
            for (NodeUnderTest node : all) {
                node.close();
            }
        }
    }

    private void withTwoOwnersDead() throws Exception {
        Set<String> secondOwner = Set.of(nameOf(owners.get(1)));
        Set<String> thirdOwner = Set.of(nameOf(owners.get(2)));
        owners.get(1).kill();
        owners.get(2).kill();
        List<NodeUnderTest> left = List.of(owners.getFirst(), others.getFirst(), others.getLast());
        awaitDown(left, 2);

        writeAndReadAt(left, "two owners dead");
        for (NodeUnderTest keeper : others) {
            keeper.await("hints counted", () -> keeper.metric("dynamokv_hints_waiting") > 0);
            assertFalse(safeToStop(keeper).path("safe").asBoolean(), "it may be the only one that has them");
        }
        var both = new TreeSet<>(secondOwner);
        both.addAll(thirdOwner);
        awaitHintsFor(both);

        owners.get(1).startAgain();
        awaitHintsFor(thirdOwner);
        owners.get(2).startAgain();
        awaitDelivered();
        for (NodeUnderTest keeper : others) {
            assertTrue(keeper.metric("dynamokv_hints_delivered_total") > 0);
            assertTrue(keeper.metric("dynamokv_hints_taken_total") > 0);
            assertTrue(safeToStop(keeper).path("safe").asBoolean());
        }
        allAreReadAtOwnersAlone();
    }

    private void withNoOwnerLeft() throws Exception {
        var dead = new TreeSet<String>();
        for (NodeUnderTest owner : owners) {
            dead.add(nameOf(owner));
            owner.kill();
        }
        awaitDown(others, 3);
        Map<NodeUnderTest, Double> takenBefore = new LinkedHashMap<>();
        for (NodeUnderTest keeper : others) {
            takenBefore.put(keeper, keeper.metric("dynamokv_hints_taken_total"));
        }

        writeAndReadAt(others, "no owner left");
        for (NodeUnderTest keeper : others) {
            double taken = keeper.metric("dynamokv_hints_taken_total") - takenBefore.getOrDefault(keeper, 0.0);
            assertTrue(taken >= WRITES, () -> "whoever coordinates keeps them too, but took " + taken);
            keeper.await(
                    "hints counted",
                    () -> !targetsOfHints(keeper.status().path("peers")).isEmpty());
            Set<String> targets = targetsOfHints(keeper.status().path("peers"));
            assertTrue(dead.containsAll(targets), () -> targets + " are not all among " + dead);
        }
    }

    private void hintsSurviveTheirKeepersDeathAndReachTheOwners() throws Exception {
        for (NodeUnderTest keeper : others) {
            keeper.kill();
            keeper.startAgain();
            keeper.awaitServing();
            keeper.await("hints found again", () -> keeper.metric("dynamokv_hints_waiting") > 0);
        }
        for (NodeUnderTest owner : owners) {
            owner.startAgain();
        }
        awaitDelivered();
        allAreReadAtOwnersAlone();
    }

    private void writeAndReadAt(List<NodeUnderTest> nodes, String value) throws Exception {
        for (int i = 0; i < WRITES; i++) {
            String path = "/v1/kv/carts/" + keys.get(written.size());
            NodeUnderTest writer = nodes.get(i % nodes.size());
            HttpResponse<byte[]> answer = writer.put(path, value);
            assertEquals(204, answer.statusCode(), () -> new String(answer.body(), UTF_8) + writer.logText());
            assertEquals(
                    "sloppy", answer.headers().firstValue("X-Dynamo-Quorum").orElse("strict"));
            written.put(path, value);
            for (NodeUnderTest reader : nodes) {
                HttpResponse<byte[]> read = reader.get(path);
                assertEquals(value, new String(read.body(), UTF_8), () -> reader.host() + " " + reader.logText());
                assertEquals(
                        "sloppy", read.headers().firstValue("X-Dynamo-Quorum").orElse("strict"));
            }
        }
    }

    private void awaitDelivered() throws Exception {
        for (NodeUnderTest owner : owners) {
            owner.awaitServing();
        }
        for (NodeUnderTest keeper : others) {
            keeper.await("all hints delivered", () -> keeper.metric("dynamokv_hints_waiting") == 0);
        }
    }

    /** Each of the three has it: R is 3, and the stand-ins are no owners. */
    private void allAreReadAtOwnersAlone() throws Exception {
        List<NodeUnderTest> all = new ArrayList<>(owners);
        all.addAll(others);
        awaitDown(all, 0);
        for (Map.Entry<String, String> entry : written.entrySet()) {
            HttpResponse<byte[]> read = owners.getFirst().get(entry.getKey() + "?r=3");
            assertEquals(entry.getValue(), new String(read.body(), UTF_8));
            assertEquals("strict", read.headers().firstValue("X-Dynamo-Quorum").orElse("strict"));
        }
    }

    private static void awaitDown(List<NodeUnderTest> nodes, int down) throws Exception {
        for (NodeUnderTest node : nodes) {
            node.await(down + " peers down", () -> {
                int found = 0;
                int alive = 0;
                for (JsonNode peer : node.status().path("peers")) {
                    found += peer.path("liveness").asText().equals("down") ? 1 : 0;
                    alive += peer.path("liveness").asText().equals("alive") ? 1 : 0;
                }
                return found == down && alive == 4 - down;
            });
        }
    }

    private static JsonNode safeToStop(NodeUnderTest node) throws Exception {
        return NodeUnderTest.JSON.readTree(
                node.askAdmin("/admin/v1/safe-to-stop").body());
    }

    /** All keepers together keep writes for these alone, as they tell their clients and as their status says. */
    private void awaitHintsFor(Set<String> targets) throws Exception {
        others.getFirst().await("hints for " + targets, () -> {
            var asClientsSeeIt = new TreeSet<String>();
            var asTheStatusSeesIt = new TreeSet<String>();
            for (NodeUnderTest keeper : others) {
                JsonNode cluster =
                        NodeUnderTest.JSON.readTree(keeper.get("/v1/cluster").body());
                assertEquals(keeper.id().toString(), cluster.path("self").asText(), "it speaks for itself alone");
                asClientsSeeIt.addAll(targetsOfHints(cluster.path("members")));
                asTheStatusSeesIt.addAll(targetsOfHints(keeper.status().path("peers")));
            }
            return asClientsSeeIt.equals(targets) && asTheStatusSeesIt.equals(targets);
        });
    }

    private static Set<String> targetsOfHints(JsonNode members) {
        var targets = new TreeSet<String>();
        for (JsonNode member : members) {
            if (member.path("hintsWaiting").asLong() > 0) {
                targets.add(nameOf(
                        member.path("nodeId").asText(), member.path("name").asText()));
            }
        }
        return targets;
    }

    /** While it is up. */
    private static String nameOf(NodeUnderTest node) throws Exception {
        return nameOf(node.id().toString(), node.host());
    }

    private static String nameOf(String id, String name) {
        return name + " " + id;
    }
}
