package io.dynamokv.operator.nodes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ChainLink;
import io.dynamokv.core.ring.MapChain;
import io.dynamokv.core.ring.MapDocument;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls a node's admin API. Blocks, a second for a look and five for a change; never throws for what a node or the network does. */
public final class NodeClient {
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration CHANGE_TIMEOUT = Duration.ofSeconds(5);
    private static final long ANSWER_BYTES_MAX = 16L << 20;

    /** What came of a call: an answer, or the reason why there is none. */
    private record Called(Optional<HttpResponse<String>> response, String why) {}

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LOOK_TIMEOUT)
            .build();
    private final ObjectMapper json = new ObjectMapper();
    private final int port;
    private final MeterRegistry metrics;

    public NodeClient(int port, MeterRegistry metrics) {
        this.port = port;
        this.metrics = metrics;
    }

    public NodeReport report(String host) {
        Called called =
                send("status", request(host, "/admin/v1/status", LOOK_TIMEOUT).GET());
        if (called.response().isEmpty()) {
            return new NodeReport.Unreachable(called.why());
        }
        try {
            return read(called.response().get());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return new NodeReport.Unreachable("its status cannot be read: " + e.getMessage());
        }
    }

    private NodeReport read(HttpResponse<String> response) throws JsonProcessingException {
        if (response.statusCode() != 200) {
            return new NodeReport.Unreachable("its status answers " + response.statusCode());
        }
        JsonNode status = json.readTree(response.body());
        NodeId id = NodeId.parse(status.path("nodeId").asText());
        if (!status.path("state").asText().equals("serving")) {
            return new NodeReport.Empty(id);
        }
        var newest = new ChainLink(
                new Epoch(status.path("epoch").asLong()),
                status.path("term").asLong(),
                status.path("mapHash").asText());
        Map<NodeId, String> liveness = new HashMap<>();
        for (JsonNode peer : status.path("peers")) {
            liveness.put(
                    NodeId.parse(peer.path("nodeId").asText()),
                    peer.path("liveness").asText());
        }
        return new NodeReport.Serving(
                id, ClusterId.parse(status.path("clusterId").asText()), newest, liveness);
    }

    /** Empty if the node has none, or cannot be asked. */
    public Optional<ChainedMap> map(String host) {
        Called called =
                send("map", request(host, "/admin/v1/map", CHANGE_TIMEOUT).GET());
        if (called.response().filter(response -> response.statusCode() == 200).isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonNode document = json.readTree(called.response().get().body());
            var links = new ArrayList<ChainLink>();
            for (JsonNode link : document.path("chain")) {
                links.add(new ChainLink(
                        new Epoch(link.path("epoch").asLong()),
                        link.path("term").asLong(),
                        link.path("hash").asText()));
            }
            MapDocument map = json.treeToValue(document.path("map"), MapDocument.class);
            return Optional.of(new ChainedMap(map.toMap(), new MapChain(links)));
        } catch (JsonProcessingException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    public NodeAnswer join(String host, String bearerToken, ChainedMap map, Joining joining) {
        ObjectNode body = document(map);
        body.put("clusterId", map.map().clusterId().toString());
        body.set("peers", json.valueToTree(joining.peers()));
        return change("join", request(host, "/admin/v1/join", CHANGE_TIMEOUT), "POST", bearerToken, body);
    }

    public NodeAnswer publish(String host, String bearerToken, ChainedMap map) {
        return change("publish", request(host, "/admin/v1/map", CHANGE_TIMEOUT), "PUT", bearerToken, document(map));
    }

    /** Why the node had better not be stopped; none if it may. */
    public List<String> reasonsNotToStop(String host) {
        Called called = send(
                "safe-to-stop",
                request(host, "/admin/v1/safe-to-stop", LOOK_TIMEOUT).GET());
        if (called.response().isEmpty()) {
            return List.of("it cannot be asked: " + called.why());
        }
        try {
            JsonNode answer = json.readTree(called.response().get().body());
            if (answer.path("safe").asBoolean(false)) {
                return List.of();
            }
            var reasons = new ArrayList<String>();
            answer.path("reasons").forEach(reason -> reasons.add(reason.asText()));
            return reasons.isEmpty()
                    ? List.of("it answers " + called.response().get().statusCode())
                    : reasons;
        } catch (JsonProcessingException e) {
            return List.of("its answer cannot be read: " + e.getMessage());
        }
    }

    private ObjectNode document(ChainedMap chained) {
        ObjectNode body = json.createObjectNode();
        body.set("map", json.valueToTree(MapDocument.of(chained.map())));
        var links = body.putArray("chain");
        for (ChainLink link : chained.chain().links()) {
            links.addObject()
                    .put("epoch", link.epoch().number())
                    .put("term", link.term())
                    .put("hash", link.hash());
        }
        return body;
    }

    private NodeAnswer change(
            String call, HttpRequest.Builder request, String method, String bearerToken, ObjectNode body) {
        Called called = send(
                call,
                request.header("Authorization", "Bearer " + bearerToken)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body.toString())));
        return called.response()
                .map(response -> response.statusCode() == 200
                        ? new NodeAnswer.Done()
                        : new NodeAnswer.Refused(response.statusCode() + " " + response.body()))
                .orElseGet(() -> new NodeAnswer.Unreachable(called.why()));
    }

    private HttpRequest.Builder request(String host, String path, Duration timeout) {
        String literal = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return HttpRequest.newBuilder(URI.create("http://" + literal + ":" + port + path))
                .timeout(timeout);
    }

    private Called send(String call, HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(
                    request.build(),
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), ANSWER_BYTES_MAX));
            count(call, Integer.toString(response.statusCode()));
            return new Called(Optional.of(response), "");
        } catch (IOException e) {
            count(call, "unreachable");
            return new Called(Optional.empty(), e.getClass().getSimpleName() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Called(Optional.empty(), "interrupted");
        }
    }

    private void count(String call, String outcome) {
        metrics.counter("dynamokv.operator.node.calls", "call", call, "outcome", outcome)
                .increment();
    }
}
