package io.dynamokv.node.outside;

import static io.dynamokv.node.outside.NodeUnderTest.JSON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Three nodes, of which two die and come back. */
@Order(Cluster.SECOND)
@ResourceLock(value = Cluster.MACHINE, mode = ResourceAccessMode.READ)
class ClusterIT {
    @TempDir
    private Path directory;

    @Test
    void threeNodesServeTwoServeOneRefusesAndAllThreeRemember() throws Exception {
        try (var a = NodeUnderTest.start("127.0.0.31", directory.resolve("a"));
                var b = NodeUnderTest.start("127.0.0.32", directory.resolve("b"));
                var c = NodeUnderTest.start("127.0.0.33", directory.resolve("c"))) {
            List<NodeUnderTest> all = List.of(a, b, c);
            for (NodeUnderTest node : all) {
                node.awaitOpen();
            }
            ClusterMap first = Cluster.join(all);
            awaitAllAlive(all);
            aValuePutAtOneIsReadAtAll(all);
            m3_aMapThatReachedOneNodeOnlyIsPassedOverByAHigherTerm(all, first);
            assertTrue(safeToStop(a).path("safe").asBoolean(), () -> a.logText());

            c.kill();
            assertEquals(204, a.put("/v1/kv/carts/two-of-three", "v").statusCode(), "two of three take a write");
            assertEquals("v", text(b.get("/v1/kv/carts/two-of-three")));
            awaitDown(a, 1);
            assertFalse(safeToStop(a).path("safe").asBoolean());
            String reason = safeToStop(a).path("reasons").path(0).asText();
            assertTrue(
                    reason.startsWith(c.host())
                            && reason.endsWith("is down and owns 8 of the 8 partitions of this node"),
                    reason);

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

    /** 1. Map 2 reaches one node. 2. Its operator loses everything, and a majority knows map 1. 3. It makes another map 2, of term 2. */
    private static void m3_aMapThatReachedOneNodeOnlyIsPassedOverByAHigherTerm(
            List<NodeUnderTest> all, ClusterMap first) throws Exception {
        ClusterMap lost = first.next(first.settings(), List.of(Cluster.LATEST, Cluster.SMALL, Cluster.QUICK));
        ClusterMap recovered = first.nextTerm();
        assertEquals(200, all.getFirst().adopt(lost, MapChain.of(lost)).statusCode());

        for (NodeUnderTest node : all) {
            assertEquals(
                    200,
                    node.adopt(recovered, MapChain.of(first).and(recovered)).statusCode());
            assertEquals(recovered.hash(), node.status().path("mapHash").asText());
            assertEquals(1, node.status().path("committedEpoch").asInt());
        }
        assertEquals(409, all.getFirst().adopt(lost, MapChain.of(lost)).statusCode());
        aValuePutAtOneIsReadAtAll(all);
    }

    private static JsonNode safeToStop(NodeUnderTest node) throws Exception {
        return JSON.readTree(node.askAdmin("/admin/v1/safe-to-stop").body());
    }

    /** While it finishes what is under way it is not ready, and says so; the request gets its answer. */
    @Test
    void aNodeThatIsToldToStopFinishesWhatIsUnderWayAndIsNotReadyMeanwhile() throws Exception {
        try (var a = NodeUnderTest.start("127.0.0.31", directory.resolve("a"), "dynamokv.timing.request=1900ms");
                var b = NodeUnderTest.start("127.0.0.32", directory.resolve("b"));
                var c = NodeUnderTest.start("127.0.0.33", directory.resolve("c"))) {
            List<NodeUnderTest> all = List.of(a, b, c);
            for (NodeUnderTest node : all) {
                node.awaitOpen();
            }
            Cluster.join(all);
            awaitAllAlive(all);
            assertEquals(200, a.askAdmin("/q/health/ready").statusCode());
            b.freeze();
            c.freeze();

            CompletableFuture<Integer> write = CompletableFuture.supplyAsync(() -> statusOfWrite(a));
            a.await("a request under way", () -> a.metric("dynamokv_under_way_bytes") > 0);
            a.terminate();

            a.await(
                    "a node that is not ready",
                    () -> a.askAdmin("/q/health/ready").statusCode() == 503);
            assertTrue(a.status().path("draining").asBoolean());
            assertEquals(503, a.get("/v1/kv/carts/k").statusCode());
            assertEquals(504, write.get(10, TimeUnit.SECONDS));
            assertEquals(0, a.awaitExit(), a::logText);
        }
    }

    private static int statusOfWrite(NodeUnderTest node) {
        try {
            return node.put("/v1/kv/carts/k", "v").statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
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
            JsonNode problem = JSON.readTree(written.body());
            assertEquals(2, problem.path("votesNeeded").asInt(), problem::toString);
            // The other two may be known to be lost before this node's own disk has synced.
            assertTrue(problem.path("votesReceived").asInt() <= 1, problem::toString);
            return written.statusCode() == 503;
        });
        HttpResponse<byte[]> refused = last.put("/v1/kv/carts/refused", "v");
        assertEquals(503, refused.statusCode());
        votes(refused);
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
