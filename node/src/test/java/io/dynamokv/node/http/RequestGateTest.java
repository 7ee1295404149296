package io.dynamokv.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.node.config.NodeConfig;
import io.dynamokv.node.port.NodeFigures;
import io.dynamokv.node.port.RequestObserver;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gate of a node that has no room: its refusals take turns. */
class RequestGateTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicLong full = new AtomicLong(1);
    private final AtomicLong lateMillis = new AtomicLong(40);
    private final BlockingQueue<RequestObserver.Result> observed = new LinkedBlockingQueue<>();
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        NodeFigures figures = figure -> OptionalLong.of(
                switch (figure) {
                    case UNDER_WAY_FULL -> full.get();
                    case SHARD_LATE_MILLIS -> lateMillis.get();
                    default -> throw new AssertionError("nobody is to ask for " + figure);
                });
        var limits = KeyValueResourceTest.only(
                NodeConfig.Limits.class,
                Map.of("underWayBytesMax", 1_000_000L, "valueBytesMax", 1000, "keyBytesMax", 100));
        var timing = KeyValueResourceTest.only(NodeConfig.Timing.class, Map.of("receive", Duration.ofSeconds(10)));
        var gate = new RequestGate(
                KeyValueResourceTest.only(NodeConfig.class, Map.of("limits", limits, "timing", timing)),
                vertx,
                figures,
                (kind, result, nanos) -> observed.add(result),
                Duration.ofSeconds(60));
        var filters = new Filters();
        gate.register(filters);
        Router router = Router.router(vertx);
        filters.getFilters().forEach(filter -> router.route().handler(filter.getHandler()));
        router.route().handler(passed -> passed.response().setStatusCode(204).end());
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private HttpResponse<String> ask(String method) throws Exception {
        BodyPublisher body = method.equals("PUT") ? BodyPublishers.ofString("milk") : BodyPublishers.noBody();
        URI key = URI.create("http://127.0.0.1:" + server.actualPort() + "/v1/kv/carts/key");
        return client.send(HttpRequest.newBuilder(key).method(method, body).build(), BodyHandlers.ofString());
    }

    private void assertRefused(String method) throws Exception {
        HttpResponse<String> answer = ask(method);
        assertEquals(503, answer.statusCode(), answer::body);
        assertTrue(answer.body().contains("urn:dynamokv:problem:overloaded"), answer.body());
        assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
        assertEquals(RequestObserver.Result.OVERLOADED, observed.take());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void aNodeThatIsLateRefusesInTurn(String method) throws Exception {
        long startedNanos = System.nanoTime();

        assertRefused(method);

        long waitedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
        assertTrue(waitedMillis >= 390, "answered after " + waitedMillis + " ms");
    }

    /** One of several may be slow because the machine is; with a timer all of them would be. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void aNodeThatIsNotLateRefusesAtOnce(String method) throws Exception {
        lateMillis.set(9);
        long leastMillis = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long startedNanos = System.nanoTime();
            assertRefused(method);
            leastMillis = Math.min(leastMillis, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos));
        }

        assertTrue(leastMillis < 90, "answered after " + leastMillis + " ms");
    }

    @Test
    void aNodeWithRoomLetsThemPassHoweverLateItIs() throws Exception {
        full.set(0);

        assertEquals(204, ask("GET").statusCode());
        assertEquals(204, ask("PUT").statusCode());
        assertTrue(observed.isEmpty());
    }
}
