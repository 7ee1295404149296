package io.dynamokv.local.kube;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A client of a store that asks the next node when one does not answer, with the same request id, and remembers each write that was acknowledged.
 */
final class StoreClient {
    private static final int PORT = 8080;
    private static final int ROUNDS_MAX = 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    /** People think; and what they write is read back, while nodes that start need the machine. */
    private static final long THINKING_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofMillis(500))
            .build();
    private final Supplier<List<String>> addresses;
    private final List<String> acknowledged = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private volatile boolean running;

    /** @param addresses of the nodes that are ready now */
    StoreClient(Supplier<List<String>> addresses) {
        this.addresses = addresses;
    }

    static URI key(String address, String key) {
        return URI.create("http://" + address + ":" + PORT + "/v1/kv/test/" + key);
    }

    /** Writes a key as its own value. */
    void put(String key) throws InterruptedException {
        String id = UUID.randomUUID().toString();
        List<String> answers = new ArrayList<>();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            for (String address : addresses.get()) {
                var request = HttpRequest.newBuilder(key(address, key))
                        .timeout(TIMEOUT)
                        .header("X-Request-Id", id)
                        .PUT(HttpRequest.BodyPublishers.ofString(key))
                        .build();
                try {
                    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() == 204) {
                        acknowledged.add(key);
                        return;
                    }
                    answers.add(answer.statusCode() + " " + answer.body());
                } catch (IOException e) {
                    answers.add(e.toString());
                }
            }
        }
        failures.add("PUT " + key + ": " + answers);
    }

    /** Empty if this node does not answer with a value. */
    String get(String address, String key) throws InterruptedException {
        var request = HttpRequest.newBuilder(key(address, key)).timeout(TIMEOUT).build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : "";
        } catch (IOException _) {
            return "";
        }
    }

    /** Writes until the action ends. */
    void during(String name, Runnable action) throws InterruptedException {
        running = true;
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                for (int number = 0; running; number++) {
                    put(name + "-" + number);
                    LockSupport.parkNanos(THINKING_NANOS);
                }
            } catch (InterruptedException e) {
                failures.add("interrupted");
            }
        });
        try {
            action.run();
        } finally {
            running = false;
            writer.join();
        }
    }

    int acknowledged() {
        return acknowledged.size();
    }

    List<String> failures() {
        return failures;
    }

    /** Acknowledged writes that a node does not give back. */
    List<String> lost() throws InterruptedException {
        List<String> lost = new ArrayList<>();
        String address = addresses.get().getFirst();
        for (String key : acknowledged) {
            if (!get(address, key).equals(key)) {
                lost.add(key);
            }
        }
        return lost;
    }
}
