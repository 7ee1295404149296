package io.dynamokv.node.outside;

import static io.dynamokv.node.outside.NodeUnderTest.JSON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes, of which two die and come back. */
class ClusterIT {
    @TempDir
    private Path directory;

    @Test
    void threeNodesServeTwoServeOneRefusesAndAllThreeRemember() throws Exception {
        try (var a = NodeUnderTest.start("127.0.0.21", directory.resolve("a"));
                var b = NodeUnderTest.start("127.0.0.22", directory.resolve("b"));
                var c = NodeUnderTest.start("127.0.0.23", directory.resolve("c"))) {
            List<NodeUnderTest> all = List.of(a, b, c);
            for (NodeUnderTest node : all) {
                node.awaitOpen();
            }
            Cluster.join(all);
            awaitAllAlive(all);
            aValuePutAtOneIsReadAtAll(all);

            c.kill();
            assertEquals(204, a.put("/v1/kv/carts/two-of-three", "v").statusCode(), "two of three take a write");
            assertEquals("v", text(b.get("/v1/kv/carts/two-of-three")));
            awaitDown(a, 1);

            b.kill();
            withOneLeftNothingHangsAndTheVotesAreNamed(a);

            b.startAgain();
            c.startAgain();
            b.awaitServing();
            c.awaitServing();
            awaitAllAlive(all);
            aValuePutAtOneIsReadAtAll(all);
            for (NodeUnderTest node : all) {
                assertEquals("v", text(node.get("/v1/kv/carts/two-of-three")));
            }
            theyStopInOrderOneAfterTheOther(all);
        }
    }

    private static void theyStopInOrderOneAfterTheOther(List<NodeUnderTest> all) throws Exception {
        for (NodeUnderTest node : all) {
            node.terminate();
            assertEquals(0, node.awaitExit(), node::logText);
            assertEquals(
                    List.of(),
                    node.log().stream().filter(line -> line.startsWith("\tat ")).toList(),
                    node::logText);
        }
    }

    private static void aValuePutAtOneIsReadAtAll(List<NodeUnderTest> all) throws Exception {
        for (NodeUnderTest writer : all) {
            String key = "/v1/kv/carts/" + UUID.randomUUID();
            assertEquals(204, writer.put(key, "from " + writer.host()).statusCode());
            for (NodeUnderTest reader : all) {
                assertEquals("from " + writer.host(), text(reader.get(key)), "read at " + reader.host());
                assertEquals("from " + writer.host(), text(reader.get(key + "?r=3")), "read at " + reader.host());
            }
        }
    }

    /** Rule W3: unknown until both are known to be down, and a refusal stores nothing. */
    private static void withOneLeftNothingHangsAndTheVotesAreNamed(NodeUnderTest last) throws Exception {
        last.await("a refused write", () -> {
            HttpResponse<byte[]> written = last.put("/v1/kv/carts/" + UUID.randomUUID(), "v");
            assertTrue(List.of(503, 504).contains(written.statusCode()), () -> text(written));
            votes(written);
            return written.statusCode() == 503;
        });
        HttpResponse<byte[]> refused = last.put("/v1/kv/carts/refused", "v");
        assertEquals(503, refused.statusCode());
        assertEquals("1", refused.headers().firstValue("Retry-After").orElse("none"));
        HttpResponse<byte[]> read = last.get("/v1/kv/carts/two-of-three");
        assertEquals(503, read.statusCode());
        votes(read);
        assertEquals(200, last.get("/v1/kv/carts/two-of-three?r=1").statusCode());
        assertEquals(404, last.get("/v1/kv/carts/refused?r=1").statusCode());
        assertEquals(204, last.put("/v1/kv/carts/one-is-enough?w=1", "v").statusCode());
        assertEquals(204, last.put("/v1/kv/quick-things/k", "v").statusCode(), "the bucket's own W");
        assertEquals(200, last.get("/v1/kv/quick-things/k").statusCode(), "the bucket's own R");
    }

    private static void votes(HttpResponse<byte[]> response) throws IOException {
        JsonNode problem = JSON.readTree(response.body());
        assertEquals(2, problem.path("votesNeeded").asInt(), problem::toString);
        assertEquals(1, problem.path("votesReceived").asInt(), problem::toString);
    }

    private static void awaitAllAlive(List<NodeUnderTest> all) throws Exception {
        for (NodeUnderTest node : all) {
            node.await("peers alive", () -> count(node, "alive") == all.size() - 1);
        }
    }

    private static void awaitDown(NodeUnderTest node, int peers) throws Exception {
        node.await(peers + " peers down", () -> count(node, "down") == peers);
    }

    private static int count(NodeUnderTest node, String liveness) throws IOException, InterruptedException {
        int found = 0;
        for (JsonNode peer : node.status().path("peers")) {
            found += peer.path("liveness").asText().equals(liveness) ? 1 : 0;
        }
        return found;
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), UTF_8);
    }
}
