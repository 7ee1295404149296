package io.dynamokv.local.balancer;

import static io.dynamokv.local.balancer.Futures.await;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** A node of which a test decides how it answers, fails or falls silent. It notes what it was asked. */
final class FakeNode {
    /** What reached the node. */
    record Seen(String method, String uri, io.vertx.core.MultiMap headers, Buffer body) {}

    final String name;
    final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final HttpServer http;
    private final HttpServer admin;
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final AtomicBoolean silent = new AtomicBoolean();
    private volatile Handler<HttpServerRequest> answer;

    FakeNode(Vertx vertx, String name) {
        this.name = name;
        answer = request -> request.response().end("from " + name);
        http = await(vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    seen.add(new Seen(request.method().name(), request.uri(), request.headers(), body));
                    if (!silent.get()) {
                        answer.handle(request);
                    }
                }))
                .listen(0, "127.0.0.1"));
        admin = await(vertx.createHttpServer()
                .requestHandler(request -> {
                    if (!silent.get()) {
                        request.response()
                                .setStatusCode(ready.get() ? 200 : 503)
                                .end();
                    }
                })
                .listen(0, "127.0.0.1"));
    }

    Backend backend() {
        return Backend.of(name, "127.0.0.1", http.actualPort(), admin.actualPort());
    }

    FakeNode answering(Handler<HttpServerRequest> how) {
        answer = how;
        return this;
    }

    void ready(boolean now) {
        ready.set(now);
    }

    /** Takes connections and requests and never answers, as a stopped process does. */
    void fallSilent() {
        silent.set(true);
    }

    void speakAgain() {
        silent.set(false);
    }

    /** Its client port refuses connections, and it has not been noticed: the probes still succeed. */
    void refuseRequests() {
        await(http.close());
    }
}
