package io.dynamokv.node.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Three nodes with a heap of 256 MiB, and clients who want several times what they can do: the nodes neither die nor fall silent, they say no to what is too
 * much and go on with the rest, as fast as before where it is small, and nothing that they confirmed is lost. With {@code -Doverload.seconds=120} for as long as
 * one likes. What is large they must receive in part even to refuse it: it is enough if they do two fifths of what they did before.
 */
@Isolated("it takes all that the machine has")
class OverloadIT {
    private static final int SECONDS = Integer.getInteger("overload.seconds", 9);
    /** Long enough for what they can do to be told, short beside the flood. */
    private static final int WINDOW_SECONDS = Math.max(4, SECONDS / 12);

    private static final int WINDOWS_MAX = 8;
    private static final double WARM_BY = 1.1;
    private static final int SETTLING_SECONDS = 4;
    private static final int CALM_CONNECTIONS = 96;
    private static final int CONNECTIONS = 600;
    private static final int UNANSWERED_MAX = 2;
    private static final int SMALL = 1 << 10;
    private static final int LARGE = 200 << 10;
    /** The heap, RocksDB's cache, direct memory, and what Java itself takes. */
    private static final long RSS_MIB_MAX = 900;

    /** That of the probes. */
    private static final Duration HEALTH_PATIENCE = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    private final AtomicInteger lastKey = new AtomicInteger();

    @Test
    void nodesThatAreAskedForTooMuchRefuseSomeAndGoOn() throws Exception {
        try (var a = start("127.0.0.91");
                var b = start("127.0.0.92");
                var c = start("127.0.0.93")) {
            List<NodeUnderTest> all = List.of(a, b, c);
            for (NodeUnderTest node : all) {
                node.awaitOpen();
            }
            Cluster.join(all);
            for (NodeUnderTest node : all) {
                node.await("all alive", () -> node.metric("dynamokv_peers_alive") == 2);
            }
            try (var processors = Processors.split(all)) {
                flood(all, SMALL, processors.areSplit() ? 0.5 : 0.1);
                Flood.Counts large = flood(all, LARGE, processors.areSplit() ? 0.4 : 0.1);
                assertTrue(large.overloaded() > 0, () -> "nothing was too much: " + large);
                a.await(
                        "a line about it",
                        () -> all.stream().anyMatch(node -> node.logText().contains("Too much is under way, and ")));
            }
            for (NodeUnderTest node : all) {
                node.await("nothing held", () -> node.metric("dynamokv_body_bytes") == 0);
            }
        }
    }

    private NodeUnderTest start(String host) throws IOException {
        return NodeUnderTest.start(host, directory.resolve(host), "-Xmx256m");
    }

    /** @param least the part of what they did before that must still be done */
    private Flood.Counts flood(List<NodeUnderTest> nodes, int valueBytes, double least) throws Exception {
        Flood.Counts before = whatTheyCanDo(nodes, valueBytes);
        say(valueBytes + " bytes, closed loop: " + before);

        var flood = new Flood(nodes, valueBytes, lastKey);
        Flood.Counts under;
        try (var health = new HealthWatch(nodes)) {
            under = flood.openLoop(CONNECTIONS, UNANSWERED_MAX, 4 * before.doneEachSecond(), SETTLING_SECONDS, SECONDS);
            say(valueBytes + " bytes, overload: " + under + ", health within " + health.longestMillis() + " ms");
            assertEquals(List.of(), health.complaints());
        }
        assertEquals(List.of(), flood.wrong());
        for (NodeUnderTest node : nodes) {
            assertTrue(node.isAlive(), node::logText);
            long rssMib = rssMib(node);
            say(node.host() + ": " + rssMib + " MiB");
            assertTrue(rssMib < RSS_MIB_MAX, () -> node.host() + " has " + rssMib + " MiB");
        }
        assertTrue(under.doneEachSecond() >= before.doneEachSecond() * least, () -> before + " before, then " + under);
        readBack(nodes, flood);
        return under;
    }

    /** Once they are warm: when they do no more in one window than they did in the one before. */
    private Flood.Counts whatTheyCanDo(List<NodeUnderTest> nodes, int valueBytes) throws InterruptedException {
        Flood.Counts best = inOneWindow(nodes, valueBytes);
        for (int windows = 1; windows < WINDOWS_MAX; windows++) {
            Flood.Counts next = inOneWindow(nodes, valueBytes);
            boolean isWarm = next.doneEachSecond() < WARM_BY * best.doneEachSecond();
            best = next.doneEachSecond() > best.doneEachSecond() ? next : best;
            if (isWarm) {
                break;
            }
        }
        return best;
    }

    private Flood.Counts inOneWindow(List<NodeUnderTest> nodes, int valueBytes) throws InterruptedException {
        return new Flood(nodes, valueBytes, lastKey).closedLoop(CALM_CONNECTIONS, WINDOW_SECONDS);
    }

    private static void say(String figures) {
        System.out.println("OverloadIT: " + figures);
    }

    private static long rssMib(NodeUnderTest node) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + node.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                .findFirst()
                .orElseThrow();
    }

    /** Each of all that was acknowledged. What a node refuses meanwhile is asked for again, and what this machine has no port left for behind a flood of minutes. */
    private static void readBack(List<NodeUnderTest> nodes, Flood flood) throws Exception {
        List<Integer> keys = flood.written();
        var next = new AtomicInteger();
        var missing = new ConcurrentLinkedQueue<String>();
        List<Thread> readers = IntStream.range(0, 16)
                .mapToObj(i -> Thread.startVirtualThread(() -> {
                    for (int at = next.getAndIncrement(); at < keys.size(); at = next.getAndIncrement()) {
                        readBack(nodes.get(at % nodes.size()), flood, keys.get(at), missing);
                    }
                }))
                .toList();
        for (Thread reader : readers) {
            reader.join();
        }
        assertEquals(List.of(), List.copyOf(missing), () -> "of " + keys.size());
        say(keys.size() + " acknowledged writes read back");
    }

    private static void readBack(NodeUnderTest node, Flood flood, int key, ConcurrentLinkedQueue<String> missing) {
        var last = new AtomicReference<>("nothing");
        try {
            node.await("an answer", () -> {
                try {
                    HttpResponse<byte[]> answer = node.get("/v1/kv/flood/" + key);
                    last.set("status " + answer.statusCode());
                    return answer.statusCode() == 200 && flood.isValueOf(key, answer.body());
                } catch (IOException e) {
                    last.set(e.toString());
                    return false;
                }
            });
        } catch (IOException | InterruptedException | AssertionError e) {
            missing.add(key + ": " + last);
        }
    }

    /** Asks each node all the time whether it is alive and ready. */
    private static final class HealthWatch implements AutoCloseable {
        private final HttpClient client = HttpClient.newHttpClient();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicLong longest = new AtomicLong();
        private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();
        private final List<Thread> threads = new ArrayList<>();

        HealthWatch(List<NodeUnderTest> nodes) {
            for (NodeUnderTest node : nodes) {
                threads.add(Thread.startVirtualThread(() -> watch(node)));
            }
        }

        private void watch(NodeUnderTest node) {
            while (!ended.get()) {
                ask(node, "/q/health/live");
                ask(node, "/q/health/ready");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        }

        private void ask(NodeUnderTest node, String path) {
            var at = URI.create("http://" + node.host() + ":" + node.place().adminPort() + path);
            long startNanos = System.nanoTime();
            try {
                var request =
                        HttpRequest.newBuilder(at).timeout(HEALTH_PATIENCE).build();
                int status = client.send(request, BodyHandlers.discarding()).statusCode();
                if (status != 200) {
                    complaints.add(at + ": " + status);
                }
            } catch (IOException e) {
                complaints.add(at + ": " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
            longest.accumulateAndGet(tookMillis, Math::max);
        }

        long longestMillis() {
            return longest.get();
        }

        List<String> complaints() {
            return List.copyOf(complaints);
        }

        @Override
        public void close() {
            ended.set(true);
            try {
                for (Thread thread : threads) {
                    thread.join();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            client.close();
        }
    }
}
