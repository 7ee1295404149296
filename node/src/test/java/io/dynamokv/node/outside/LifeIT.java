package io.dynamokv.node.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a node's process begins and ends. */
class LifeIT {
    private static final int UNUSABLE = 78;

    @TempDir
    private Path directory;

    @Test
    void aNodeThatStartsOnItsOldDirectoryIsWhoItWas() throws Exception {
        try (var node =
                NodeUnderTest.start("127.0.0.21", directory.resolve("n")).awaitOpen()) {
            Cluster.join(List.of(node));
            UUID id = node.id();
            assertEquals(204, node.put("/v1/kv/carts/k", "kept").statusCode());

            node.kill();
            node.startAgain();
            node.awaitServing();
            assertEquals("kept", new String(node.get("/v1/kv/carts/k").body(), UTF_8), "after SIGKILL");
            assertEquals(id, node.id());
            assertEquals(2, node.status().path("bootNumber").asInt());

            node.terminate();
            assertEquals(0, node.awaitExit(), node::logText);
            node.startAgain();
            node.awaitServing();
            assertEquals("kept", new String(node.get("/v1/kv/carts/k").body(), UTF_8), "after SIGTERM");
            assertEquals(id, node.id());
            assertEquals(3, node.status().path("bootNumber").asInt());

            aSecondNodeOnTheSameDirectoryIsRefused(node);
            node.closeItsStandardInput();
            assertEquals(0, node.awaitExit(), node::logText);
        }
    }

    private static void aSecondNodeOnTheSameDirectoryIsRefused(NodeUnderTest first) throws Exception {
        NodeUnderTest second = NodeUnderTest.start(
                "127.0.0.22",
                first.directory().resolve("second"),
                "dynamokv.data-dir=" + first.directory().resolve("data"));
        assertRefused(second, "used by another node");
        assertTrue(first.isAlive());
    }

    /** A container: environment variables alone, a mounted volume with what a fresh file system has, and a directory to be made in it. */
    @Test
    void aNodeIsConfiguredByItsEnvironmentAlone() throws Exception {
        Path volume = Files.createDirectories(directory.resolve("n").resolve("volume"));
        Files.createDirectory(volume.resolve("lost+found"));
        try (var node = NodeUnderTest.startByEnvironment(
                        "127.0.0.21",
                        directory.resolve("n"),
                        "dynamokv.data-dir=" + volume.resolve("deep").resolve("node"),
                        "dynamokv.host=0.0.0.0",
                        "dynamokv.advertised-host=node-0.nodes.test",
                        "dynamokv.limits.siblings-max=1")
                .awaitOpen()) {
            Cluster.join(List.of(node));

            JsonNode status = node.status();
            assertEquals(
                    "node-0.nodes.test", status.path("address").path("host").asText());
            assertEquals("127.0.0.21", status.path("name").asText());
            assertEquals(204, node.put("/v1/kv/carts/k", "v").statusCode());
            assertEquals(409, node.put("/v1/kv/carts/k", "w").statusCode());
            assertTrue(Files.exists(volume.resolve("deep").resolve("node").resolve("node.json")));
        }
    }

    /** Rule D7: keys are exchanged without a restart, and a broken file changes nothing. */
    @Test
    void theSecretIsReadAgainWhenItsFileChanges() throws Exception {
        try (var node =
                NodeUnderTest.start("127.0.0.21", directory.resolve("n")).awaitOpen()) {
            Cluster.join(List.of(node));
            ClusterMap map = Cluster.mapOf(Cluster.ID, List.of(node));
            assertEquals(200, node.adopt(map, MapChain.of(map)).statusCode());
            assertEquals(204, node.put("/v1/kv/carts/k", "v").statusCode());
            String context = contextOf(node.get("/v1/kv/carts/k"));

            Files.writeString(node.secretFile(), "not a secret\n");
            node.await("a complaint", () -> node.logText().contains("goes on with what it has"));
            assertEquals(
                    204,
                    node.put("/v1/kv/carts/k", "v", "X-Dynamo-Context", context).statusCode());

            context = contextOf(node.get("/v1/kv/carts/k"));
            Files.writeString(node.secretFile(), "k2:" + "ab".repeat(16) + "\n");
            node.await("the new secret", () -> node.logText().contains("'k2' signs now"));
            assertEquals(
                    412,
                    node.put("/v1/kv/carts/k", "w", "X-Dynamo-Context", context).statusCode());
            String fresh = contextOf(node.get("/v1/kv/carts/k"));
            assertEquals(
                    204,
                    node.put("/v1/kv/carts/k", "w", "X-Dynamo-Context", fresh).statusCode());
            assertEquals(401, node.adopt(map, MapChain.of(map)).statusCode());
        }
    }

    private static String contextOf(HttpResponse<byte[]> response) {
        return response.headers().firstValue("X-Dynamo-Context").orElseThrow();
    }

    /** The lines of several nodes are read together. What was refused is told at a level that is off by default. */
    @Test
    void everyLineOfTheLogNamesItsNodeAndWhatWasRefusedItsPartitionAndRequestId() throws Exception {
        String debugging = "quarkus.log.category.\"io.dynamokv.node.http\".level=DEBUG";
        try (var node = NodeUnderTest.start("127.0.0.21", directory.resolve("n"), debugging)
                .awaitOpen()) {
            Cluster.join(List.of(node));
            assertEquals(
                    204,
                    node.put("/v1/kv/carts/k", "v", OneNode.REQUEST_ID, "one").statusCode());
            assertEquals(
                    422,
                    node.put("/v1/kv/carts/k", "w", OneNode.REQUEST_ID, "one").statusCode());
            node.await(
                    "the refusal",
                    () -> node.log().stream()
                            .anyMatch(line -> line.matches(
                                    ".* PUT /v1/kv/carts/k, partition [0-7], request id one: .*Reused.*")));
            String name = node.status().path("name").asText();
            List<String> nameless = node.log().stream()
                    .filter(line -> line.startsWith("20") && !line.matches("\\S+ [A-Z]+ +\\Q" + name + "\\E \\[.*"))
                    .toList();

            assertTrue(node.log().stream().anyMatch(line -> line.startsWith("20")), node::logText);
            assertEquals(List.of(), nameless);
        }
    }

    @Test
    void aForeignClustersDirectoryIsRefused() throws Exception {
        String other = UUID.randomUUID().toString();
        try (var node =
                NodeUnderTest.start("127.0.0.21", directory.resolve("n")).awaitOpen()) {
            Cluster.join(List.of(node));
            node.kill();
            NodeUnderTest foreign = NodeUnderTest.start(
                    "127.0.0.21",
                    node.directory().resolve("foreign"),
                    "dynamokv.data-dir=" + node.directory().resolve("data"),
                    "dynamokv.expected-cluster=" + other);
            assertRefused(foreign, other);
            assertTrue(foreign.logText().contains(Cluster.ID.toString()), foreign::logText);
        }
    }

    @Test
    void aConfigurationThatCannotBeUsedIsRefused() throws Exception {
        Path broken = Files.writeString(directory.resolve("broken"), "not a secret\n");
        String missing = directory.resolve("missing").toString();

        var refused = List.of(
                NodeUnderTest.start("127.0.0.21", directory.resolve("a"), "dynamokv.secret-file=" + missing),
                NodeUnderTest.start("127.0.0.22", directory.resolve("b"), "dynamokv.secret-file=" + broken),
                NodeUnderTest.start("127.0.0.23", directory.resolve("c"), "dynamokv.expected-cluster=nonsense"),
                NodeUnderTest.start("127.0.0.24", directory.resolve("d"), "dynamokv.http-port=nonsense"),
                NodeUnderTest.start("127.0.0.25", directory.resolve("e"), "dynamokv.timing.hedge=800ms"),
                NodeUnderTest.start("127.0.0.26", directory.resolve("f"), "dynamokv.shards=none"),
                NodeUnderTest.start("127.0.0.27", directory.resolve("g"), "dynamokv.membership.probe.timeout=600ms"),
                NodeUnderTest.start("127.0.0.28", directory.resolve("h"), "dynamokv.timing.tombstone-age=2m"));

        assertRefused(refused.get(0), missing);
        assertRefused(refused.get(1), "keyId:hex");
        assertRefused(refused.get(2), "expected-cluster");
        assertRefused(refused.get(3), "dynamokv.http-port");
        assertRefused(refused.get(4), "hedge");
        assertRefused(refused.get(5), "dynamokv.shards");
        assertRefused(
                refused.get(6), "dynamokv.membership.probe cannot be used: timeoutMillis must be 10..500, was 600");
        assertRefused(
                refused.get(7), "dynamokv.timing.tombstone-age must be longer than dynamokv.timing.repeats, 120000 ms");
    }

    @Test
    void aTakenPortIsRefused() throws Exception {
        try (var node =
                NodeUnderTest.start("127.0.0.21", directory.resolve("n")).awaitOpen()) {
            NodeUnderTest late = NodeUnderTest.start(
                    "127.0.0.21", directory.resolve("late"), "dynamokv.http-port=" + node.httpPort());
            assertRefused(late, String.valueOf(node.httpPort()));
        }
    }

    /** Exit code 78, and one line that says what a person must do. */
    private static void assertRefused(NodeUnderTest node, String saying) throws Exception {
        assertEquals(UNUSABLE, node.awaitExit(), node::logText);
        List<String> complaints = node.log().stream()
                .filter(line -> line.contains("Cannot start: "))
                .toList();
        assertEquals(1, complaints.size(), node::logText);
        assertTrue(complaints.getFirst().contains(saying), node::logText);
        assertEquals(
                List.of(),
                node.log().stream().filter(line -> line.startsWith("\tat ")).toList(),
                node::logText);
    }
}
