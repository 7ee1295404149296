package io.dynamokv.node.outside;

import static io.dynamokv.node.outside.NodeUnderTest.JSON;
import static io.dynamokv.node.outside.NodeUnderTest.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapDocument;
import io.dynamokv.node.transport.NameServer;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Peers are known by names, as on Kubernetes. */
@Isolated("it has a stopwatch")
class NamesIT {
    private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

    @TempDir
    private Path directory;

    /**
     * A machine died with one of the two name servers; each node that looked up the dead one's name stood still for seconds at a time, and the
     * nodes that were well called each other dead for 20 s.
     */
    @Test
    void aNameServerThatDoesNotAnswerStopsNothing() throws Exception {
        Vertx vertx = Vertx.vertx();
        var names = new NameServer(vertx, "127.0.0.37");
        String servers = "quarkus.vertx.resolver.servers=127.0.0.1:" + names.port();
        try (var node = NodeUnderTest.start("127.0.0.36", directory.resolve("a"), servers)
                        .awaitOpen();
                var other = NodeUnderTest.start("127.0.0.37", directory.resolve("b"), servers)
                        .awaitOpen()) {
            join(List.of(node, other));
            node.await("its peer", () -> node.status().toString().contains("\"alive\""));

            names.fallSilent();
            other.kill();
            node.await("a look-up that hangs", () -> names.queriesSinceSilent() > 0);

            for (int i = 0; i < 20; i++) {
                long startedNanos = System.nanoTime();
                assertEquals(404, node.get("/v1/kv/quick-things/k").statusCode());
                long tookNanos = System.nanoTime() - startedNanos;
                assertTrue(
                        tookNanos < QUICK_NANOS, () -> "it took " + TimeUnit.NANOSECONDS.toMillis(tookNanos) + " ms");
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** As {@link Cluster#join}, but with a name in place of the second one's address. */
    private static void join(List<NodeUnderTest> nodes) throws Exception {
        ClusterMap map = Cluster.mapOf(Cluster.ID, nodes);
        Map<String, Object> named = new HashMap<>(Cluster.peer(nodes.getLast()));
        named.put("host", "node-b.nodes.test");
        String body = JSON.writeValueAsString(Map.of(
                "clusterId",
                map.clusterId().toString(),
                "map",
                MapDocument.of(map),
                "peers",
                List.of(Cluster.peer(nodes.getFirst()), named)));
        for (NodeUnderTest node : nodes) {
            assertEquals(
                    200,
                    node.tellAdmin("POST", "/admin/v1/join", bearer(), body).statusCode());
        }
    }
}
