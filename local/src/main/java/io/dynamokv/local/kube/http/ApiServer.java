package io.dynamokv.local.kube.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.api.Audit;
import io.dynamokv.local.kube.api.Faults;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.ApiException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The API on a port of this machine. It can be stopped and started again on the same port; its state is the {@link Api}'s and stays. Fabric8
 * opens watches as WebSockets, kubectl as answers that do not end: both are served.
 */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ApiServer.class.getName());
    private static final Set<String> HEALTH = Set.of("/healthz", "/readyz", "/livez");
    private static final int SECONDS_MAX = 10;
    /** Below those that systems give to outgoing connections: one of these could have the port when the server comes back. */
    private static final int ANY_PORT_MIN = 15_000;

    private static final int ANY_PORT_MAX = 32_000;
    private static final int ATTEMPTS_MAX = 20;

    private final Vertx vertx;
    private final Api api;
    private final PodAccess pods;
    private final Routes routes;
    private final Discovery discovery;
    private final Faults faults = new Faults();
    /** Ends a watch, by the watch. */
    private final Map<Object, Runnable> watches = new ConcurrentHashMap<>();

    private Optional<HttpServer> server = Optional.empty();
    private int port;

    /** @param port 0 for any; the same one is taken at each start */
    public ApiServer(Vertx vertx, Api api, PodAccess pods, int port) {
        this.vertx = vertx;
        this.api = api;
        this.pods = pods;
        this.port = port;
        routes = new Routes(api);
        discovery = new Discovery(api.kinds());
    }

    public Faults faults() {
        return faults;
    }

    public int port() {
        return port;
    }

    public synchronized void start() {
        for (int attempt = 1; server.isEmpty(); attempt++) {
            int wanted = port == 0 ? ThreadLocalRandom.current().nextInt(ANY_PORT_MIN, ANY_PORT_MAX) : port;
            try {
                listen(wanted);
                port = wanted;
            } catch (IllegalStateException e) {
                if (port != 0 || attempt == ATTEMPTS_MAX || !isTaken(e)) {
                    throw e;
                }
            }
        }
    }

    private void listen(int wanted) {
        var options = new HttpServerOptions().setHost("127.0.0.1").setPort(wanted);
        server = Optional.of(await(
                vertx.createHttpServer(options).requestHandler(this::handle).listen()));
    }

    private static boolean isTaken(IllegalStateException e) {
        return e.getCause() instanceof ExecutionException failed && failed.getCause() instanceof BindException;
    }

    /** Connections end, too; requests are refused until it is started again. */
    public synchronized void stop() {
        server.ifPresent(running -> await(running.close()));
        server = Optional.empty();
        cutWatches();
        watches.clear();
    }

    /** Ends all watches, as a server does now and then. */
    public void cutWatches() {
        watches.values().forEach(Runnable::run);
    }

    @Override
    public void close() {
        stop();
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the API server does not start or stop", e);
        }
    }

    private void handle(HttpServerRequest request) {
        if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            openWebSocket(request);
        } else {
            request.body().onSuccess(body -> {
                try {
                    answer(request, body);
                } catch (ApiException e) {
                    send(request.response(), e.status(), e.body());
                } catch (RuntimeException e) {
                    LOG.log(Level.ERROR, () -> request.method() + " " + request.uri() + " failed", e);
                    var failure = new ApiException(500, "InternalError", e.toString());
                    send(request.response(), failure.status(), failure.body());
                }
            });
        }
    }

    private static void send(HttpServerResponse response, int status, ObjectNode body) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.toString());
    }

    private void answer(HttpServerRequest request, Buffer body) {
        if (HEALTH.contains(request.path())) {
            request.response().putHeader("Content-Type", "text/plain").end("ok");
            return;
        }
        Optional<ObjectNode> known = discovery.answer(request.path());
        if (known.isPresent()) {
            send(request.response(), 200, known.get());
            return;
        }
        Call call = Call.of(request, api.kinds());
        String method = request.method().name();
        faults.meet(Routes.verb(method, call), call.target());
        if (method.equals("GET") && call.isWatch()) {
            openChunked(request, call);
        } else if (method.equals("GET") && call.target().subresource().equals("log")) {
            log(request.response(), call);
        } else {
            Routes.Answer answer = routes.answer(method, call, Bodies.read(call.contentType(), body));
            send(request.response(), answer.status(), answer.body());
        }
    }

    private void log(HttpServerResponse response, Call call) {
        String text = pods.log(call.target().namespace(), call.target().name())
                .orElseThrow(() -> ApiException.notFound(
                        BuiltIn.POD.key(call.target().namespace(), call.target().name())));
        response.putHeader("Content-Type", "text/plain").end(text);
    }

    private void openChunked(HttpServerRequest request, Call call) {
        HttpServerResponse response = request.response();
        response.setChunked(true).putHeader("Content-Type", "application/json");
        Context context = vertx.getOrCreateContext();
        var stream = new WatchStream(
                call,
                routes.columns(call),
                text -> context.runOnContext(_ -> {
                    if (!response.ended() && !response.closed()) {
                        response.write(text);
                    }
                }));
        response.closeHandler(_ -> end(stream));
        response.write("");
        open(
                call,
                stream,
                () -> context.runOnContext(_ -> {
                    if (!response.ended() && !response.closed()) {
                        response.end();
                    }
                }));
    }

    private void openWebSocket(HttpServerRequest request) {
        Call call;
        try {
            call = Call.of(request, api.kinds());
            faults.meet("watch", call.target());
        } catch (ApiException e) {
            send(request.response(), e.status(), e.body());
            return;
        }
        Context context = vertx.getOrCreateContext();
        request.toWebSocket().onSuccess(socket -> openWebSocket(call, socket, context));
    }

    private void openWebSocket(Call call, ServerWebSocket socket, Context context) {
        var stream = new WatchStream(
                call,
                routes.columns(call),
                text -> context.runOnContext(_ -> {
                    if (!socket.isClosed()) {
                        socket.writeTextMessage(text);
                    }
                }));
        socket.closeHandler(_ -> end(stream));
        open(
                call,
                stream,
                () -> context.runOnContext(_ -> {
                    if (!socket.isClosed()) {
                        socket.close();
                    }
                }));
    }

    private void open(Call call, WatchStream stream, Runnable closes) {
        api.audit()
                .count(new Audit.Entry(
                        call.agent(), "watch", call.target().kind().resource(), false));
        try {
            Runnable ends = api.watch(call.fromVersion(), stream::tell);
            watches.put(stream, () -> {
                ends.run();
                closes.run();
            });
        } catch (ApiException e) {
            stream.refuse(e);
            closes.run();
            return;
        }
        String seconds = call.parameter("timeoutSeconds");
        if (!seconds.isEmpty()) {
            long millis = Math.max(1, TimeUnit.SECONDS.toMillis(Long.parseLong(seconds)));
            vertx.setTimer(millis, _ -> end(stream));
        }
    }

    private void end(WatchStream stream) {
        Optional.ofNullable(watches.remove(stream)).ifPresent(Runnable::run);
    }
}
