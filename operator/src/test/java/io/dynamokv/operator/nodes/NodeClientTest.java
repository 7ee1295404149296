package io.dynamokv.operator.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.operator.plan.Fixture;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeClientTest {
    private static final String HOST = "127.0.0.1";
    private static final String ID = "00000000-0000-0001-0000-000000000000";

    private record Asked(String method, String path, Optional<String> authorization, String body) {}

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private HttpServer server;
    private NodeClient client;

    NodeClientTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        client = new NodeClient(server.getAddress().getPort(), metrics);
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(int status, String body) {
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            asked.add(new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @Test
    void readsANodeThatServes() {
        String hash = Fixture.firstMap().map().hash();
        answer(200, """
                {"nodeId": "%s", "name": "demo-0", "state": "serving", "clusterId": "%s", "term": 2, "epoch": 5,
                 "mapHash": "%s", "peers": [{"nodeId": "%s", "name": "demo-1", "liveness": "suspect"}], "unknown": 1}
                """.formatted(ID, Fixture.CLUSTER, hash, Fixture.node(1)));

        var report = assertInstanceOf(NodeReport.Serving.class, client.report(HOST));

        assertEquals(NodeId.parse(ID), report.id());
        assertEquals(Fixture.CLUSTER, report.clusterId());
        assertEquals("epoch 5, term 2, hash " + hash, report.newest().toString());
        assertEquals(Map.of(Fixture.node(1), "suspect"), report.liveness());
        assertEquals("/admin/v1/status", asked.element().path());
    }

    @Test
    void readsANodeWithAnEmptyDisk() {
        answer(200, "{\"nodeId\": \"" + ID + "\", \"state\": \"empty\"}");

        assertEquals(new NodeReport.Empty(NodeId.parse(ID)), client.report(HOST));
        assertEquals(1, calls("status", "200"));
    }

    @Test
    void aNodeThatOpensItsDirectoryIsNotReachableYet() {
        answer(503, "{\"title\": \"Starting\"}");

        assertInstanceOf(NodeReport.Unreachable.class, client.report(HOST));
    }

    @Test
    void nonsenseIsNoReport() {
        answer(200, "{\"nodeId\": \"" + ID + "\", \"state\": \"serving\", \"clusterId\": \"?\", \"epoch\": 0}");

        assertInstanceOf(NodeReport.Unreachable.class, client.report(HOST));
    }

    @Test
    void nobodyThereIsAValueToo() {
        server.stop(0);

        assertInstanceOf(NodeReport.Unreachable.class, client.report(HOST));
        assertEquals(1, client.reasonsNotToStop(HOST).size());
        assertEquals(Optional.empty(), client.map(HOST));
        assertEquals(1, calls("status", "unreachable"));
        assertEquals(1, calls("safe-to-stop", "unreachable"));
    }

    private double calls(String call, String outcome) {
        return metrics.get("dynamokv.operator.node.calls")
                .tags("call", call, "outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void joinsWithTheSecretTheMapItsChainAndThePeers() throws IOException {
        answer(200, "{}");
        ChainedMap map = Fixture.firstMap();
        var peer = new Joining.Peer(ID, "demo-0", "demo-0.demo-nodes.shop.svc", 7000, 8080);

        assertInstanceOf(NodeAnswer.Done.class, client.join(HOST, "abc", map, new Joining(List.of(peer))));

        Asked call = asked.element();
        JsonNode body = new ObjectMapper().readTree(call.body());
        assertEquals("POST /admin/v1/join", call.method() + " " + call.path());
        assertEquals(Optional.of("Bearer abc"), call.authorization());
        assertEquals(Fixture.CLUSTER.toString(), body.path("clusterId").asText());
        assertEquals(map.map().hash(), body.path("map").path("hash").asText());
        assertEquals(map.map().hash(), body.path("chain").path(0).path("hash").asText());
        assertEquals(
                "demo-0.demo-nodes.shop.svc",
                body.path("peers").path(0).path("host").asText());
    }

    @Test
    void aRefusedMapSaysWhy() {
        answer(409, "{\"detail\": \"it does not descend\"}");

        var refused = assertInstanceOf(NodeAnswer.Refused.class, client.publish(HOST, "abc", Fixture.firstMap()));

        assertTrue(refused.why().contains("it does not descend"), refused::why);
        assertEquals("PUT", asked.element().method());
    }

    @Test
    void safeToStopHasNoReasons() {
        answer(200, "{\"safe\": true, \"reasons\": []}");

        assertEquals(List.of(), client.reasonsNotToStop(HOST));
    }

    @Test
    void notSafeToStopHasTheNodesReasons() {
        answer(200, "{\"safe\": false, \"reasons\": [\"demo-1 is down\"]}");

        assertEquals(List.of("demo-1 is down"), client.reasonsNotToStop(HOST));
    }

    @Test
    void anOlderNodeThatDoesNotKnowTheQuestionIsNotSafeToStop() {
        answer(404, "{}");

        assertEquals(List.of("it answers 404"), client.reasonsNotToStop(HOST));
    }
}
