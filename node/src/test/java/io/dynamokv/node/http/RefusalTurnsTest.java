package io.dynamokv.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.node.port.Figure;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefusalTurnsTest {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong lateMillis = new AtomicLong();
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        var turns = new RefusalTurns(
                vertx,
                figure ->
                        figure == Figure.SHARD_LATE_MILLIS ? OptionalLong.of(lateMillis.get()) : OptionalLong.empty());
        server = vertx.createHttpServer()
                .requestHandler(request -> turns.send(request.response(), AnswerWriter.overloaded("1")))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aNodeThatIsNotLateRefusesAtOnceAndOneThatIsTakesLongerTheLaterItIs() {
        assertEquals(0, RefusalTurns.waitMillis(0));
        assertEquals(0, RefusalTurns.waitMillis(9));
        assertEquals(100, RefusalTurns.waitMillis(10));
        assertEquals(200, RefusalTurns.waitMillis(20));
        assertEquals(500, RefusalTurns.waitMillis(51));
        assertEquals(500, RefusalTurns.waitMillis(Long.MAX_VALUE / 100));
    }

    @Test
    void aConnectionThatALateNodeRefusesHearsItAfterItsTurn() throws Exception {
        lateMillis.set(40);
        try (HttpClient client = HttpClient.newHttpClient()) {
            long startedNanos = System.nanoTime();
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            long waitedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
            assertEquals(503, answer.statusCode());
            assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
            assertTrue(answer.body().contains("overloaded"), answer.body());
            assertTrue(waitedMillis >= 390, "answered after " + waitedMillis + " ms");
        }
    }
}
