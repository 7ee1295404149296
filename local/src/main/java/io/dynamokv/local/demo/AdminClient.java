package io.dynamokv.local.demo;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynamokv.core.cluster.ClusterSecret;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapDocument;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the demo asks of a node, in the operator's place. */
final class AdminClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Status(String nodeId, String state, List<PeerStatus> peers) {
        boolean isEmpty() {
            return "empty".equals(state);
        }

        boolean seesAllPeers() {
            return peers.stream().allMatch(peer -> "alive".equals(peer.liveness()));
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record PeerStatus(String nodeId, String liveness) {}

    record Peer(String nodeId, String name, String host, int peerPort, int httpPort) {}

    private record Join(String clusterId, MapDocument map, List<Peer> peers) {}

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final ObjectMapper json = new ObjectMapper();
    private final String bearer;

    AdminClient(ClusterSecret secret) {
        bearer = "Bearer " + secret.bearerToken();
    }

    /** Empty while the node does not answer or opens its directory. */
    Optional<Status> status(URI admin) throws InterruptedException {
        var request = HttpRequest.newBuilder(admin.resolve("/admin/v1/status"))
                .timeout(TIMEOUT)
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200
                    ? Optional.of(json.readValue(response.body(), Status.class))
                    : Optional.empty();
        } catch (ConnectException | HttpTimeoutException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new DemoException("the node at " + admin + " answers nonsense: " + e.getMessage(), e);
        }
    }

    /** Also renews the addresses of a node that has joined before. */
    void join(URI admin, ClusterMap map, List<Peer> peers) throws InterruptedException {
        try {
            String body = json.writeValueAsString(new Join(map.clusterId().toString(), MapDocument.of(map), peers));
            var request = HttpRequest.newBuilder(admin.resolve("/admin/v1/join"))
                    .timeout(TIMEOUT)
                    .header("Authorization", bearer)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new DemoException("the node at " + admin + " refuses the map: " + response.body());
            }
        } catch (IOException e) {
            throw new DemoException("the node at " + admin + " does not take the map: " + e.getMessage(), e);
        }
    }
}
