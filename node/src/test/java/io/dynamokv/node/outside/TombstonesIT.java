package io.dynamokv.node.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Rule T1 with real processes: four nodes, three of which own each key. */
@Order(Cluster.SECOND)
@ResourceLock(value = Cluster.MACHINE, mode = ResourceAccessMode.READ)
class TombstonesIT {
    private static final int KEYS = 20;
    /** Nobody repeats anything here. */
    private static final String[] SOON = {
        "dynamokv.timing.repeats=50ms", "dynamokv.timing.tombstone-age=100ms", "dynamokv.timing.reap-settle=17001ms"
    };

    @TempDir
    private Path directory;

    @Test
    void theyStayWhileAMemberIsAwayAndGoWhenAllAreThere() throws Exception {
        var all = new ArrayList<NodeUnderTest>();
        try {
            for (int i = 0; i < 4; i++) {
                all.add(NodeUnderTest.start("127.0.0." + (71 + i), directory.resolve("node-" + i), SOON));
            }
            for (NodeUnderTest node : all) {
                node.awaitOpen();
            }
            Cluster.join(all);
            for (NodeUnderTest node : all) {
                node.await("peers alive", () -> node.metric("dynamokv_peers_alive") == 3);
            }
            NodeUnderTest away = all.getLast();
            List<NodeUnderTest> left = all.subList(0, 3);
            for (int i = 0; i < KEYS; i++) {
                assertEquals(204, all.get(i % 4).put("/v1/kv/carts/" + i, "v").statusCode());
            }
            away.kill();
            for (NodeUnderTest node : left) {
                node.await("one peer down", () -> node.metric("dynamokv_peers_down") == 1);
            }

            for (int i = 0; i < KEYS; i++) {
                NodeUnderTest node = left.get(i % 3);
                assertEquals(
                        204,
                        NodeUnderTest.send(node.client("/v1/kv/carts/" + i).DELETE())
                                .statusCode());
                assertEquals(404, node.get("/v1/kv/carts/" + i).statusCode());
            }
            left.getFirst().await("a proof that the one that is away has stopped", () -> unanswered(left) > 0);
            assertEquals(0, reaped(left), "the node that is away has the values");

            away.startAgain();
            away.awaitServing();
            all.getFirst().await("all tombstones reaped", () -> reaped(all) == KEYS);
            all.getFirst()
                    .await(
                            "a line about what went",
                            () -> all.stream()
                                    .anyMatch(node -> node.logText().contains(" tombstones of partitions [")));
            for (int i = 0; i < KEYS; i++) {
                String path = "/v1/kv/carts/" + i;
                for (NodeUnderTest node : all) {
                    assertEquals(404, node.get(path + "?r=3").statusCode(), path);
                    assertTrue(
                            node.get(path)
                                    .headers()
                                    .firstValue("X-Dynamo-Context")
                                    .isEmpty(),
                            "nothing is left of it");
                }
            }
        } finally {
            for (NodeUnderTest node : all) {
                node.close();
            }
        }
    }

    private static double reaped(List<NodeUnderTest> nodes) throws IOException, InterruptedException {
        return sum(nodes, "dynamokv_tombstones_reaped_total");
    }

    private static double unanswered(List<NodeUnderTest> nodes) throws IOException, InterruptedException {
        return sum(nodes, "dynamokv_tombstones_unanswered_total");
    }

    private static double sum(List<NodeUnderTest> nodes, String metric) throws IOException, InterruptedException {
        double sum = 0;
        for (NodeUnderTest node : nodes) {
            sum += node.metric(metric);
        }
        return sum;
    }
}
