package io.dynamokv.node.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Anti-entropy (Dynamo 4.7) with real processes: three nodes own all keys, so nobody can stand in for the one that is away, and what it missed
 * comes by exchanges alone.
 */
@Order(Cluster.SECOND)
@ResourceLock(value = Cluster.MACHINE, mode = ResourceAccessMode.READ)
class ExchangeIT {
    private static final int KEYS = 200;

    @TempDir
    private Path directory;

    @Test
    void aNodeThatWasAwayGetsWhatItMissedWithoutAnyRead() throws Exception {
        var all = new ArrayList<NodeUnderTest>();
        try {
            for (int i = 0; i < 3; i++) {
                all.add(NodeUnderTest.start("127.0.0." + (81 + i), directory.resolve("node-" + i)));
            }
            for (NodeUnderTest node : all) {
                node.awaitOpen();
            }
            Cluster.join(all);
            NodeUnderTest away = all.get(2);
            List<NodeUnderTest> left = all.subList(0, 2);
            awaitAlive(all);
            for (int i = 0; i < KEYS; i++) {
                assertEquals(
                        204, all.get(i % 3).put(path(i) + "?w=3", "old " + i).statusCode());
            }
            away.kill();
            for (NodeUnderTest node : left) {
                node.await("one peer down", () -> node.metric("dynamokv_peers_down") == 1);
            }
            for (int i = 0; i < KEYS; i += 2) {
                assertEquals(
                        204,
                        NodeUnderTest.send(left.get(0).client(path(i)).DELETE()).statusCode());
                assertEquals(
                        204, left.get(1).put(path(KEYS + i), "x".repeat(20_000)).statusCode());
            }

            away.startAgain();
            away.awaitServing();
            awaitAlive(all);
            away.await("all pairs compared", () -> away.metric("dynamokv_exchanges_owed") == 0);

            for (int i = 0; i < KEYS; i += 2) {
                assertEquals(404, away.get(path(i) + "?r=1").statusCode(), "deleted while it was away");
                assertEquals(20_000, away.get(path(KEYS + i) + "?r=1").body().length, "written while it was away");
                assertEquals(200, away.get(path(i + 1) + "?r=1").statusCode());
            }
            double moved = away.metric("dynamokv_exchanges_records_pulled_total") + pushedTo(left);
            assertTrue(moved >= KEYS, moved + " records were moved");
            aRepairIsBegunByACommandAndItsProgressIsSeen(left.getFirst());
        } finally {
            for (NodeUnderTest node : all) {
                node.close();
            }
        }
    }

    /** Whoever comes first moves a record, the one that was away or one that it was missed by; two at the same time both do. */
    private static double pushedTo(List<NodeUnderTest> left) throws Exception {
        double pushed = 0;
        for (NodeUnderTest node : left) {
            pushed += node.metric("dynamokv_exchanges_records_pushed_total");
        }
        return pushed;
    }

    private static void aRepairIsBegunByACommandAndItsProgressIsSeen(NodeUnderTest node) throws Exception {
        double before = node.metric("dynamokv_exchanges_completed_total");
        assertEquals(
                401, node.tellAdmin("POST", "/admin/v1/repair", "wrong", "").statusCode());

        HttpResponse<byte[]> answer =
                node.tellAdmin("POST", "/admin/v1/repair?rebuild=true", NodeUnderTest.bearer(), "");

        assertEquals(202, answer.statusCode(), () -> new String(answer.body(), UTF_8));
        node.await("the hash trees built anew", () -> node.logText().contains("The hash trees of "));
        node.await(
                "each partition compared with both others",
                () -> node.metric("dynamokv_exchanges_completed_total") >= before + 2 * Cluster.PARTITIONS);
        node.await("nothing owed", () -> exchanges(node).path("owed").asLong() == 0);
        assertTrue(exchanges(node).path("completed").asLong() > 0);
        JsonNode asClientsSeeIt =
                NodeUnderTest.JSON.readTree(node.get("/v1/cluster").body()).path("exchanges");
        assertEquals(0, asClientsSeeIt.path("owed").asLong(-1), asClientsSeeIt::toString);
        assertTrue(asClientsSeeIt.path("completed").asLong() > 0, asClientsSeeIt::toString);
        assertEquals(
                400,
                node.tellAdmin("POST", "/admin/v1/repair?rebuild=perhaps", NodeUnderTest.bearer(), "")
                        .statusCode());
    }

    private static JsonNode exchanges(NodeUnderTest node) throws IOException, InterruptedException {
        return node.status().path("exchanges");
    }

    private static void awaitAlive(List<NodeUnderTest> all) throws Exception {
        for (NodeUnderTest node : all) {
            node.await("peers alive", () -> node.metric("dynamokv_peers_alive") == all.size() - 1);
        }
    }

    private static String path(int key) {
        return "/v1/kv/carts/key-" + key;
    }
}
