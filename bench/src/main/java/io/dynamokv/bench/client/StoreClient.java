package io.dynamokv.bench.client;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes numbered keys of one bucket: one attempt per call, over kept-alive connections without pipelining. All calls
 * and answers are on the one event loop of its Vert.x.
 */
public final class StoreClient {
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PATROL_MILLIS = 500;

    private final HttpClient http;
    private final String path;

    /** One patrol over all is cheaper than a timer for each. */
    private final Set<Exchange> underWay = new HashSet<>();

    /** A client for at most so many requests at once to each node. */
    public StoreClient(Vertx vertx, String bucket, int requestsMax) {
        http = vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setMaxPoolSize(requestsMax)
                        .setKeepAlive(true)
                        .setPipelining(false)
                        .setConnectTimeout(CONNECT_TIMEOUT_MILLIS))
                // The requests of a lost connection are counted; without a handler each would be logged besides.
                .withConnectHandler(connection -> connection.exceptionHandler(lost -> {}))
                .build();
        path = "/v1/kv/" + bucket + "/key-";
        vertx.setPeriodic(PATROL_MILLIS, timer -> giveUpTheOld());
    }

    public void get(Target target, int key, Consumer<Reply> then) {
        send(HttpMethod.GET, target, key, null, null, then);
    }

    public void put(Target target, int key, byte[] value, @Nullable String context, Consumer<Reply> then) {
        send(HttpMethod.PUT, target, key, Buffer.buffer(value), context, then);
    }

    private void send(
            HttpMethod method,
            Target target,
            int key,
            @Nullable Buffer body,
            @Nullable String context,
            Consumer<Reply> then) {
        var exchange = new Exchange(body, context, then, underWay::remove);
        underWay.add(exchange);
        http.request(method, target.port(), target.host(), path + key).onComplete(exchange::connected);
    }

    private void giveUpTheOld() {
        long now = System.nanoTime();
        List<Exchange> old = underWay.stream()
                .filter(exchange -> exchange.ageNanos(now) > PATIENCE.toNanos())
                .toList();
        old.forEach(Exchange::giveUp);
    }
}
