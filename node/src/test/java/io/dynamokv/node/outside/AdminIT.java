package io.dynamokv.node.outside;

import static io.dynamokv.node.outside.NodeUnderTest.JSON;
import static io.dynamokv.node.outside.NodeUnderTest.bearer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import io.dynamokv.core.ring.MapDocument;
import io.dynamokv.node.MetricNames;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin API, health and metrics of one node, before it has joined and after. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AdminIT {
    private static final String JOIN = "/admin/v1/join";
    private static final String MAP = "/admin/v1/map";

    @TempDir
    private static Path directory;

    private static NodeUnderTest node;
    private static ClusterMap map;

    @BeforeAll
    static void aNodeIsOpen() throws Exception {
        node = NodeUnderTest.start("127.0.0.38", directory.resolve("n")).awaitOpen();
        map = Cluster.mapOf(Cluster.ID, List.of(node));
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    private static JsonNode problem(int status, HttpResponse<byte[]> response) throws Exception {
        String body = new String(response.body(), UTF_8);
        assertEquals(status, response.statusCode(), body);
        assertEquals(
                "application/problem+json",
                response.headers().firstValue("Content-Type").orElse("none"),
                body);
        JsonNode problem = JSON.readTree(body);
        assertEquals(status, problem.path("status").asInt());
        assertEquals(
                response.headers().firstValue("X-Request-Id").orElse("none"),
                problem.path("requestId").asText());
        return problem;
    }

    @Test
    @Order(1)
    void beforeTheJoinTheNodeIsLiveButNotReadyAndServesNobody() throws Exception {
        assertEquals(200, node.askAdmin("/q/health/live").statusCode());
        assertEquals(200, node.askAdmin("/q/health/started").statusCode());
        assertEquals(503, node.askAdmin("/q/health/ready").statusCode());
        JsonNode status = node.status();
        assertEquals("empty", status.path("state").asText());
        assertEquals(1, status.path("bootNumber").asInt());
        assertTrue(status.path("epoch").isNull());
        assertTrue(status.path("committedEpoch").isNull());
        assertTrue(status.path("zone").isNull());
        assertFalse(status.path("draining").asBoolean(true));
        int used = status.path("disk").path("usedPercent").asInt(-1);
        assertTrue(used >= 0 && used <= 100, status::toString);
        assertEquals("127.0.0.38", status.path("address").path("host").asText());
        assertEquals(
                "{\"safe\":true,\"reasons\":[]}",
                new String(node.askAdmin("/admin/v1/safe-to-stop").body(), UTF_8));
        problem(404, node.askAdmin(MAP));
        problem(503, node.get("/v1/kv/carts/k"));
        problem(503, node.put("/v1/kv/carts/k", "v"));
        problem(503, node.get("/v1/cluster"));
        problem(409, node.tellAdmin("PUT", MAP, bearer(), JSON.writeValueAsString(Map.of("map", MapDocument.of(map)))));
    }

    @Test
    @Order(2)
    void whatChangesAnythingNeedsTheSecret() throws Exception {
        String join = Cluster.joinOf(map, List.of(node));

        for (String token : List.of("", "wrong", "00".repeat(16), NodeUnderTest.SECRET)) {
            problem(401, node.tellAdmin("POST", JOIN, token, join));
            problem(401, node.tellAdmin("PUT", MAP, token, join));
        }
        assertEquals("empty", node.status().path("state").asText());
    }

    @Test
    @Order(3)
    void aJoinThatIsNoneIsBadInputAndChangesNothing() throws Exception {
        for (String body : badJoins()) {
            problem(400, node.tellAdmin("POST", JOIN, bearer(), body));
        }
        for (String body : List.of("", "null", "[]", "{}", "{\"map\":null}", "{\"map\":{}}", "{\"map\":7}", "{")) {
            problem(400, node.tellAdmin("PUT", MAP, bearer(), body));
        }
        assertEquals("empty", node.status().path("state").asText());
        assertEquals(List.of(), stackTraces());
    }

    private static List<String> badJoins() throws Exception {
        var bodies = new ArrayList<>(List.of("", "null", "[]", "{}", "7", "{\"clusterId\":", "[".repeat(5000)));
        JsonNode good = JSON.readTree(Cluster.joinOf(map, List.of(node)));
        for (String field : List.of("clusterId", "map", "peers")) {
            bodies.add(((ObjectNode) good.deepCopy()).putNull(field).toString());
            bodies.add(((ObjectNode) good.deepCopy()).put(field, "nonsense").toString());
        }
        for (String field : List.of("format", "hash", "clusterId", "members", "partitions", "durability", "epoch")) {
            ObjectNode bad = good.deepCopy();
            ((ObjectNode) bad.path("map")).putNull(field);
            bodies.add(bad.toString());
        }
        for (String field : List.of("nodeId", "name", "host", "peerPort")) {
            ObjectNode bad = good.deepCopy();
            ((ObjectNode) bad.path("peers").get(0)).putNull(field);
            bodies.add(bad.toString());
        }
        bodies.add(Cluster.json(Cluster.ID.toString(), MapDocument.of(map), java.util.Collections.singletonList(null)));
        bodies.add(Cluster.json(Cluster.ID.toString(), MapDocument.of(map), List.of(peer(7000), peer(7001))));
        bodies.add(Cluster.json(new UUID(1, 1).toString(), MapDocument.of(map), List.of()));
        return bodies;
    }

    /** The same node each time. */
    private static Map<String, Object> peer(int port) {
        return Map.of(
                "nodeId",
                new UUID(5, 5).toString(),
                "name",
                "twin",
                "host",
                "127.0.0.29",
                "peerPort",
                port,
                "httpPort",
                1);
    }

    @Test
    @Order(4)
    void aMapWithoutThisNodeIsBadInput() throws Exception {
        var document = MapDocument.of(map);
        var other = new MapDocument.MemberDocument(new UUID(8, 8).toString(), "other", "default");
        var foreign = new MapDocument(
                document.format(),
                document.clusterId(),
                document.term(),
                document.epoch(),
                document.parentHash(),
                "",
                1,
                1,
                1,
                document.durability(),
                document.buckets(),
                List.of(other),
                document.partitions());

        problem(400, node.tellAdmin("POST", JOIN, bearer(), Cluster.json(document.clusterId(), foreign, List.of())));
        String hash = hashThatItWants(foreign);
        var complete = new MapDocument(
                document.format(),
                document.clusterId(),
                1,
                1,
                "",
                hash,
                1,
                1,
                1,
                document.durability(),
                document.buckets(),
                List.of(other),
                document.partitions());
        JsonNode problem = problem(
                400, node.tellAdmin("POST", JOIN, bearer(), Cluster.json(document.clusterId(), complete, List.of())));
        assertTrue(problem.path("detail").asText().contains("no member"), problem::toString);
    }

    private static String hashThatItWants(MapDocument document) {
        try {
            return document.toMap().hash();
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage()).replaceAll("^.*must be ([0-9a-f]{64}).*$", "$1");
        }
    }

    @Test
    @Order(5)
    void theJoinMakesTheNodeServeAndMayBeRepeated() throws Exception {
        assertEquals(map.hash(), Cluster.join(List.of(node)).hash());
        Cluster.join(List.of(node));

        JsonNode status = node.status();
        assertEquals("serving", status.path("state").asText());
        assertEquals(map.hash(), status.path("mapHash").asText());
        assertEquals(200, node.askAdmin("/q/health/ready").statusCode());
        assertEquals(204, node.put("/v1/kv/carts/k", "v").statusCode());
        assertEquals("default", status.path("zone").asText());
        assertEquals(1, status.path("committedEpoch").asInt(), "its only member has it");
        JsonNode kept = JSON.readTree(node.askAdmin(MAP).body());
        assertEquals(MapDocument.of(map), JSON.treeToValue(kept.path("map"), MapDocument.class));
        assertEquals(
                "[{\"epoch\":1,\"term\":1,\"hash\":\"" + map.hash() + "\"}]",
                kept.path("chain").toString());
    }

    @Test
    @Order(6)
    void m1_anotherClustersMapAndOneThatDoesNotDescendAreRefused() throws Exception {
        ClusterMap foreign = Cluster.mapOf(new ClusterId(new UUID(0xC2, 2)), List.of(node));
        ClusterMap rival = withWriteQuorumOfOneMorePartition();

        problem(409, node.tellAdmin("POST", JOIN, bearer(), Cluster.joinOf(foreign, List.of(node))));
        problem(409, node.tellAdmin("POST", JOIN, bearer(), Cluster.joinOf(rival, List.of(node))));
        problem(
                409,
                node.tellAdmin("PUT", MAP, bearer(), JSON.writeValueAsString(Map.of("map", MapDocument.of(rival)))));
        assertEquals(map.hash(), node.status().path("mapHash").asText());
        JsonNode forked = problem(409, node.adopt(rival, MapChain.of(rival)));
        assertEquals("urn:dynamokv:problem:map-forked", forked.path("type").asText());
        String detail = forked.path("detail").asText();
        assertTrue(detail.contains(map.hash()) && detail.contains(rival.hash()), detail);
        assertEquals(3.0, node.metric("dynamokv_map_forks_total"));
        assertEquals(
                3,
                node.log().stream()
                        .filter(line -> line.contains(" ERROR ") && line.contains(rival.hash()))
                        .count());
    }

    /** The same epoch with another hash. */
    private static ClusterMap withWriteQuorumOfOneMorePartition() {
        return new ClusterMap(
                map.clusterId(), map.version(), map.settings(), List.of(), map.members(), map.partitions());
    }

    @Test
    @Order(7)
    void m1_theDirectChildIsAdopted() throws Exception {
        var version = new ClusterMap.Version(1, map.epoch().next(), map.hash());
        var child = new ClusterMap(
                map.clusterId(), version, map.settings(), map.buckets(), map.members(), map.partitions());

        HttpResponse<byte[]> adopted =
                node.tellAdmin("PUT", MAP, bearer(), JSON.writeValueAsString(Map.of("map", MapDocument.of(child))));

        assertEquals(200, adopted.statusCode());
        assertEquals(2, JSON.readTree(adopted.body()).path("epoch").asInt());
        assertEquals("v", new String(node.get("/v1/kv/carts/k").body(), UTF_8));
    }

    @Test
    @Order(8)
    void m1_aDescendantHoweverFarIsTakenWithItsLinksAndTheyAreKept() throws Exception {
        ClusterMap second = map.next(map.settings(), map.buckets());
        ClusterMap fourth = second.nextTerm().next(map.settings(), map.buckets());
        MapChain links = MapChain.of(second).and(second.nextTerm()).and(fourth);

        JsonNode refused = problem(409, node.adopt(fourth, MapChain.of(fourth)));
        problem(400, node.adopt(fourth, MapChain.of(second).and(fourth)));
        problem(400, node.adopt(fourth, MapChain.EMPTY));
        HttpResponse<byte[]> adopted = node.adopt(fourth, links);

        assertTrue(refused.path("detail").asText().contains("epoch 2"), refused::toString);
        assertEquals("urn:dynamokv:problem:map-refused", refused.path("type").asText());
        assertEquals(200, adopted.statusCode());
        assertEquals(4, JSON.readTree(adopted.body()).path("epoch").asInt());
        assertEquals(4, JSON.readTree(node.askAdmin(MAP).body()).path("chain").size());
        problem(409, node.adopt(second, MapChain.of(second)));
    }

    @Test
    @Order(9)
    void metricsCountRequestsByKindAndResult() throws Exception {
        String count = "dynamokv_requests_seconds_count{kind=\"put\",result=\"%s\"}";

        assertEquals(1, node.metric(count.formatted("done")));
        assertEquals(0, node.metric(count.formatted("unknown")));
    }

    @Test
    @Order(10)
    void eachFigureIsAMetricWithANumber() throws Exception {
        List<String> lines =
                new String(node.askAdmin("/q/metrics").body(), UTF_8).lines().toList();

        for (String name : MetricNames.all()) {
            Pattern one = Pattern.compile(name + " [0-9][0-9.E]*");
            assertEquals(
                    1,
                    lines.stream().filter(line -> one.matcher(line).matches()).count(),
                    () -> name + " in " + String.join("\n", lines));
        }
    }

    @Test
    @Order(10)
    void figuresAreOfWhatTheirNamesSay() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertEquals(204, node.put("/v1/kv/carts/siblings", "v" + i).statusCode());
        }

        assertEquals(3, node.metric("dynamokv_record_siblings_max"));
        assertEquals(1, node.metric("dynamokv_record_vector_entries_max"));
        assertEquals(4, node.metric("dynamokv_map_epoch"));
        assertEquals(0, node.metric("dynamokv_peers_alive"));
        assertEquals(0, node.metric("dynamokv_under_way_requests"));
        assertEquals(1024, node.metric("dynamokv_under_way_requests_max"));
        assertEquals(0, node.metric("dynamokv_under_way_full"));
        assertEquals(0, node.metric("dynamokv_peers_intake_bytes"));
        assertEquals(0, node.metric("dynamokv_peers_unsent_bytes"));
        double keys = node.metric("dynamokv_store_keys");
        assertTrue(keys >= 2 && keys < 100, keys + " keys");
        double logged = node.metric("dynamokv_store_log_bytes");
        assertTrue(logged > 0 && logged < 1 << 20, logged + " bytes of log");
        double buffered = node.metric("dynamokv_store_memtable_bytes");
        assertTrue(buffered > 0 && buffered < 64 << 20, buffered + " bytes of write buffers");
        assertEquals(0, node.metric("dynamokv_store_compaction_pending_bytes"));
        double usable = Files.getFileStore(directory).getUsableSpace();
        assertEquals(usable, node.metric("dynamokv_disk_usable_bytes"), usable / 2);
    }

    @Test
    @Order(10)
    void aBodyOfUnreasonableLengthIsAProblem() throws Exception {
        JsonNode problem = problem(413, node.tellAdmin("POST", JOIN, bearer(), " ".repeat((8 << 20) + 1)));

        assertEquals("0..8388608 bytes", problem.path("limit").asText());
        assertEquals(List.of(), stackTraces());
    }

    @ParameterizedTest
    @Order(11)
    @ValueSource(
            strings = {
                "404 GET /",
                "404 GET /nothing",
                "404 GET /admin/v1/nothing",
                "404 GET /q/nothing",
                "404 GET /v1/cluster",
                "404 OPTIONS *",
                "405 DELETE /admin/v1/status",
                "405 GET /admin/v1/join",
                "405 OPTIONS /admin/v1/map",
                "400 GET /admin/v1/%zz",
                "400 GET /admin/{v1}"
            })
    void whatIsNotThereIsAProblem(String asked) throws Exception {
        RawConnection.Answer answer = answerTo(asked.substring(4) + " HTTP/1.1\r\nHost: x\r\n\r\n");

        OneNode.problemIn(Integer.parseInt(asked.substring(0, 3)), answer);
        assertEquals(List.of(), stackTraces());
    }

    @Test
    @Order(12)
    void aHeadThatCannotBeMeantIsAProblem() throws Exception {
        String status = "GET /admin/v1/status";
        String header = "X-Long: " + "y".repeat(5000) + "\r\n";

        OneNode.problemIn(400, answerTo(status + " HTTP/1.1\r\n\r\n"));
        OneNode.problemIn(414, answerTo(status + "?" + "x".repeat(9000) + " HTTP/1.1\r\nHost: x\r\n\r\n"));
        OneNode.problemIn(431, answerTo(status + " HTTP/1.1\r\nHost: x\r\n" + header.repeat(5) + "\r\n"));
        assertEquals(List.of(), stackTraces());
    }

    private static RawConnection.Answer answerTo(String request) throws Exception {
        try (RawConnection connection = node.connectAsAdmin()) {
            return connection.say(request).answer();
        }
    }

    private static List<String> stackTraces() throws Exception {
        return node.log().stream().filter(line -> line.startsWith("\tat ")).toList();
    }
}
