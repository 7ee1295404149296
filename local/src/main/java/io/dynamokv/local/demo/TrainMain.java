package io.dynamokv.local.demo;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.ring.Placement;
import io.dynamokv.local.process.NodeCommand;
import io.dynamokv.local.process.NodeSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The training run behind {@code ./dynamokv build}: a node of its own joins a cluster of one, serves a few hundred requests and stops, and
 * the JVM writes down what it loaded and linked on the way, so that later starts need not do it again (JEP 514).
 */
public final class TrainMain {
    private static final String HOST = "127.0.0.10";
    private static final int START_SECONDS_MAX = 60;
    private static final int WRITE_SECONDS_MAX = 120;
    private static final int REQUESTS = 300;

    private TrainMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("dynamokv.home", ""))
                .toAbsolutePath()
                .normalize();
        try (DemoDirectory directory = DemoDirectory.open(home.resolve("node/target/training"), true)) {
            ClusterId cluster = directory.clusterId(1);
            var admin = new AdminClient(directory.secret());
            Process node = start(home, directory);
            try {
                URI adminUrl = URI.create("http://" + HOST + ":" + NodeSpec.ADMIN_PORT);
                join(admin, adminUrl, cluster, node);
                serve(URI.create("http://" + HOST + ":" + NodeSpec.HTTP_PORT), adminUrl);
            } finally {
                node.destroy();
                if (!node.waitFor(WRITE_SECONDS_MAX, TimeUnit.SECONDS)) {
                    node.destroyForcibly();
                }
            }
        }
    }

    private static Process start(Path home, DemoDirectory directory) throws IOException {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("data-dir", directory.node("node").resolve("data"));
        settings.put("secret-file", directory.secretFile());
        settings.put("name", "training");
        settings.put("host", HOST);
        settings.put("shards", 1);
        settings.put("stop-when-stdin-closes", true);
        return new ProcessBuilder(NodeCommand.training(home, settings))
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("node/target/training.log").toFile())
                .start();
    }

    private static void join(AdminClient admin, URI url, ClusterId cluster, Process node) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (node.isAlive() && System.nanoTime() - deadlineNanos < 0) {
            var status = admin.status(url);
            if (status.isPresent()) {
                var member = new Member(NodeId.parse(status.get().nodeId()), "training", Zone.DEFAULT);
                var settings = new ClusterMap.Settings(1, 1, 1, Durability.BUFFERED);
                ClusterMap map = Placement.firstMap(cluster, settings, List.of(), List.of(member), 16);
                admin.join(
                        url,
                        map,
                        List.of(new AdminClient.Peer(
                                status.get().nodeId(), "training", HOST, NodeSpec.PEER_PORT, NodeSpec.HTTP_PORT)));
                return;
            }
            TimeUnit.MILLISECONDS.sleep(25);
        }
        throw new DemoException("the node of the training run did not start; see node/target/training.log");
    }

    private static void serve(URI http, URI admin) throws IOException, InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        for (int i = 0; i < REQUESTS; i++) {
            URI key = http.resolve("/v1/kv/training/" + UUID.randomUUID());
            send(client, HttpRequest.newBuilder(key).PUT(HttpRequest.BodyPublishers.ofString("value " + i)));
            send(client, HttpRequest.newBuilder(key).PUT(HttpRequest.BodyPublishers.ofString("sibling " + i)));
            send(client, HttpRequest.newBuilder(key).GET());
            send(client, HttpRequest.newBuilder(key).DELETE());
        }
        for (String path : List.of("/q/health/ready", "/q/metrics", "/admin/v1/status")) {
            send(client, HttpRequest.newBuilder(admin.resolve(path)).GET());
        }
    }

    private static void send(HttpClient client, HttpRequest.Builder request) throws IOException, InterruptedException {
        client.send(request.build(), HttpResponse.BodyHandlers.discarding());
    }
}
