package io.dynamokv.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Several ports before one map: the client protocol as far as the generator uses it, and faults on demand. */
final class FakeStore implements AutoCloseable {
    private static final String CONTEXT = "X-Dynamo-Context";

    private record Versioned(Buffer value, int version) {}

    private final Vertx vertx = Vertx.vertx();
    private final List<HttpServer> servers;
    private final Map<String, Versioned> values = new ConcurrentHashMap<>();
    private final AtomicInteger writes = new AtomicInteger();
    private volatile UnaryOperator<Buffer> reading = UnaryOperator.identity();
    private volatile boolean wantsContexts;
    private volatile int refusedWritesFrom = Integer.MAX_VALUE;
    private final AtomicReference<@Nullable Duration> pause = new AtomicReference<>();

    FakeStore(int ports) {
        servers = java.util.stream.Stream.generate(this::listen).limit(ports).toList();
    }

    private HttpServer listen() {
        return vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> handle(request, body)))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    List<String> urls() {
        return servers.stream()
                .map(server -> "http://127.0.0.1:" + server.actualPort())
                .toList();
    }

    /** A write of a key that is there must carry its context. */
    FakeStore wantingContexts() {
        wantsContexts = true;
        return this;
    }

    /** From this one on, counted from 0, every second write is of unknown outcome. */
    FakeStore unsureFromWrite(int number) {
        refusedWritesFrom = number;
        return this;
    }

    /** Its first read is answered after this long only. */
    FakeStore pausingOnce(Duration pause) {
        this.pause.set(pause);
        return this;
    }

    FakeStore changingWhatIsRead(UnaryOperator<Buffer> change) {
        reading = change;
        return this;
    }

    void forget(String key) {
        values.remove("/v1/kv/bench/" + key);
    }

    private void handle(HttpServerRequest request, Buffer body) {
        if (request.method().equals(HttpMethod.PUT)) {
            request.response().setStatusCode(put(request, body)).end();
            return;
        }
        Duration stop = pause.getAndSet(null);
        if (stop != null) {
            vertx.setTimer(stop.toMillis(), timer -> get(request));
        } else {
            get(request);
        }
    }

    private void get(HttpServerRequest request) {
        Versioned found = values.get(request.path());
        if (found == null) {
            request.response().setStatusCode(404).end();
        } else {
            request.response()
                    .putHeader(CONTEXT, Integer.toString(found.version()))
                    .end(reading.apply(found.value()));
        }
    }

    private int put(HttpServerRequest request, Buffer body) {
        int number = writes.getAndIncrement();
        if (number >= refusedWritesFrom && number % 2 == 0) {
            return 504;
        }
        if (wantsContexts && values.containsKey(request.path()) && request.getHeader(CONTEXT) == null) {
            return 409;
        }
        values.merge(
                request.path(),
                new Versioned(body, 1),
                (before, after) -> new Versioned(after.value(), before.version() + 1));
        return 204;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
