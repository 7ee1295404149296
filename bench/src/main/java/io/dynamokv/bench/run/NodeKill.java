package io.dynamokv.bench.run;

import io.dynamokv.bench.process.DemoFile;
import io.dynamokv.bench.process.NodeProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Kills a node of the demo by SIGKILL and waits until the demo has started it again and it serves. Blocks. */
final class NodeKill implements Callable<Double> {
    private static final Duration RETURN_MAX = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

    private final DemoFile demo;
    private final String name;
    private final String bucket;

    NodeKill(DemoFile demo, String name, String bucket) {
        this.demo = demo;
        this.name = name;
        this.bucket = bucket;
    }

    /** The seconds from the kill until the node served again. */
    @Override
    public Double call() throws IOException, InterruptedException, BenchException {
        NodeProcess victim = node();
        ProcessHandle process = ProcessHandle.of(victim.pid())
                .orElseThrow(() -> new BenchException(name + " has no process " + victim.pid()));
        long killedNanos = System.nanoTime();
        if (!process.destroyForcibly()) {
            throw new BenchException(name + ", process " + victim.pid() + ", could not be killed");
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (!isBack(victim, http)) {
                if (System.nanoTime() - killedNanos > RETURN_MAX.toNanos()) {
                    throw new BenchException(name + " was killed and does not serve again after "
                            + RETURN_MAX.toSeconds() + " s; does the demo run with --no-restart?");
                }
                Thread.sleep(POLL);
            }
        }
        return (System.nanoTime() - killedNanos) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private NodeProcess node() throws IOException, BenchException {
        return demo.node(name)
                .orElseThrow(() -> new BenchException(demo.path() + " does not name " + name + " any more"));
    }

    /** The file may be read while it is written, and the node asked while it opens its data. */
    private boolean isBack(NodeProcess victim, HttpClient http) throws InterruptedException, BenchException {
        try {
            NodeProcess now = node();
            return now.pid() != victim.pid() && serves(now, http);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean serves(NodeProcess node, HttpClient http) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.http() + "/v1/kv/" + bucket + "/key-0"))
                .timeout(ANSWER_MAX)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() < 500;
    }
}
