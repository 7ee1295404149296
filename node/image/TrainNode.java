import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.ClusterSecret;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.MapDocument;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.ring.Placement;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The training run in the image's build: starts a node as the image does, lets it serve a few hundred requests and stops it, so that the JVM leaves its
 * cache (JEP 514). The arguments are the node's command line. Fails the build when anything of it fails.
 */
final class TrainNode {
    private static final URI HTTP = URI.create("http://127.0.0.1:8080");
    private static final URI ADMIN = URI.create("http://127.0.0.1:9000");
    private static final int START_SECONDS_MAX = 120;
    private static final int WRITE_SECONDS_MAX = 300;
    private static final int REQUESTS = 300;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private TrainNode() {}

    public static void main(String[] command) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("training");
        String secret = "training:" + "0".repeat(64) + "\n";
        Path secretFile = Files.writeString(directory.resolve("secret"), secret);
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment()
                .putAll(Map.of(
                        "DYNAMOKV_DATA_DIR", directory.resolve("data").toString(),
                        "DYNAMOKV_SECRET_FILE", secretFile.toString(),
                        "DYNAMOKV_NAME", "training",
                        "DYNAMOKV_HOST", "127.0.0.1",
                        "DYNAMOKV_SHARDS", "1"));
        Process node = builder.start();
        try {
            join(awaitNodeId(node), "Bearer " + ClusterSecret.parse(secret).bearerToken());
            serve();
        } finally {
            node.destroy();
            if (!node.waitFor(WRITE_SECONDS_MAX, TimeUnit.SECONDS)) {
                node.destroyForcibly();
            }
        }
    }

    private static String awaitNodeId(Process node) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (node.isAlive() && System.nanoTime() - deadlineNanos < 0) {
            try {
                HttpResponse<String> status = send(HttpRequest.newBuilder(ADMIN.resolve("/admin/v1/status")));
                if (status.statusCode() == 200) {
                    return JSON.readTree(status.body()).get("nodeId").asText();
                }
            } catch (ConnectException _) {
                // It has not opened its ports yet.
            }
            TimeUnit.MILLISECONDS.sleep(25);
        }
        throw new IllegalStateException("the node of the training run did not start");
    }

    private static void join(String nodeId, String bearer) throws IOException, InterruptedException {
        var cluster = ClusterId.parse(UUID.randomUUID().toString());
        var member = new Member(NodeId.parse(nodeId), "training", Zone.DEFAULT);
        var settings = new ClusterMap.Settings(1, 1, 1, Durability.BUFFERED);
        ClusterMap map = Placement.firstMap(cluster, settings, List.of(), List.of(member), 16);
        var peer = Map.of(
                "nodeId", nodeId, "name", "training", "host", "127.0.0.1", "peerPort", 7000, "httpPort", 8080);
        String body = JSON.writeValueAsString(
                Map.of("clusterId", cluster.toString(), "map", MapDocument.of(map), "peers", List.of(peer)));
        HttpResponse<String> answer = send(HttpRequest.newBuilder(ADMIN.resolve("/admin/v1/join"))
                .header("Authorization", bearer)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        require(answer, 200);
    }

    private static void serve() throws IOException, InterruptedException {
        for (int i = 0; i < REQUESTS; i++) {
            URI key = HTTP.resolve("/v1/kv/training/" + UUID.randomUUID());
            require(send(HttpRequest.newBuilder(key).PUT(HttpRequest.BodyPublishers.ofString("value " + i))), 204);
            require(send(HttpRequest.newBuilder(key).PUT(HttpRequest.BodyPublishers.ofString("sibling " + i))), 204);
            require(send(HttpRequest.newBuilder(key).GET()), 300);
            require(send(HttpRequest.newBuilder(key).DELETE()), 204);
        }
        for (String path : List.of("/q/health/live", "/q/health/ready", "/q/metrics", "/admin/v1/status")) {
            require(send(HttpRequest.newBuilder(ADMIN.resolve(path)).GET()), 200);
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(
                request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void require(HttpResponse<String> answer, int status) {
        if (answer.statusCode() != status) {
            throw new IllegalStateException(
                    answer.request().uri() + " answered " + answer.statusCode() + ": " + answer.body());
        }
    }
}
