package io.dynamokv.local.balancer;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the requests of browsers and scripts, on one event loop. Bodies are held in full before a node is chosen, so that a request
 * that reached nobody can be sent to another node and a slow client occupies none.
 */
public final class Balancer {
    private static final int HEADER_BYTES_MAX = 64 * 1024;
    private static final int FIRST_LINE_BYTES_MAX = 8 * 1024;
    private static final int CONNECTIONS_PER_NODE_MAX = 256;
    private static final int NODE_CONNECTION_IDLE_SECONDS = 20;

    private final Vertx vertx;
    private final Verticle verticle;
    private final String deployment;

    private Balancer(Vertx vertx, Verticle verticle, String deployment) {
        this.vertx = vertx;
        this.verticle = verticle;
        this.deployment = deployment;
    }

    /**
     * Fails when the address cannot be bound. Completes once each node was probed for the first time.
     *
     * @param pages the directory with the cart's built pages; it need not exist
     * @param log gets one line whenever a node goes out or comes back
     */
    public static Future<Balancer> start(
            Vertx vertx, BalancerSettings settings, List<Backend> backends, Path pages, Consumer<String> log) {
        List<Target> targets =
                backends.stream().map(backend -> new Target(backend, log)).toList();
        var verticle = new Verticle(settings, targets, pages);
        return vertx.deployVerticle(verticle).map(deployment -> new Balancer(vertx, verticle, deployment));
    }

    public int port() {
        return Objects.requireNonNull(verticle.server, "the server has started").actualPort();
    }

    public Future<Void> close() {
        return vertx.undeploy(deployment);
    }

    private static final class Verticle extends AbstractVerticle {
        private final BalancerSettings settings;
        private final List<Target> targets;
        private final Path pages;
        private @Nullable HttpServer server;

        Verticle(BalancerSettings settings, List<Target> targets, Path pages) {
            this.settings = settings;
            this.targets = targets;
            this.pages = pages;
        }

        @Override
        public void start(Promise<Void> started) {
            var options = new HttpClientOptions()
                    .setPipelining(false)
                    .setKeepAliveTimeout(NODE_CONNECTION_IDLE_SECONDS)
                    .setConnectTimeout(Math.toIntExact(settings.connectMillis()))
                    .setMaxPoolSize(CONNECTIONS_PER_NODE_MAX)
                    .setMaxWaitQueueSize(settings.requestsMax())
                    .setMaxHeaderSize(HEADER_BYTES_MAX);
            // A connection that a dying node resets fails its request, which is dealt with there; it needs no line of
            // its own.
            var client = vertx.httpClientBuilder()
                    .with(options)
                    .withConnectHandler(connection -> connection.exceptionHandler(_ -> {}))
                    .build();
            var front = new Front(
                    new Exchange.Surroundings(vertx, settings, client, targets), new StaticPages(vertx, pages));
            var prober = new Prober(vertx, settings);
            HttpServer created = vertx.createHttpServer(new HttpServerOptions()
                    .setHost(settings.host())
                    .setPort(settings.port())
                    .setIdleTimeout(settings.idleSeconds())
                    .setMaxHeaderSize(HEADER_BYTES_MAX)
                    .setMaxInitialLineLength(FIRST_LINE_BYTES_MAX)
                    .setHandle100ContinueAutomatically(true)
                    .setHttp2ClearTextEnabled(false));
            server = created;
            Future.join(targets.stream().map(prober::watch).toList())
                    .compose(_ -> created.connectionHandler(connection -> connection.exceptionHandler(_ -> {}))
                            .requestHandler(front::handle)
                            .listen())
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }

    /** Decides for each request whether it is for the pages or for the nodes, and collects its body. */
    private static final class Front {
        private final Exchange.Surroundings surroundings;
        private final StaticPages pages;
        private int requests;
        private int inWork;

        Front(Exchange.Surroundings surroundings, StaticPages pages) {
            this.surroundings = surroundings;
            this.pages = pages;
        }

        void handle(HttpServerRequest request) {
            String uri = request.uri();
            String requestId = RequestIds.of(request);
            if (ApiPath.hasDotSegment(uri)) {
                Problem.BAD_PATH.send(request.response(), requestId, "A path cannot have '.' or '..' as a segment.");
            } else if (!ApiPath.isApi(uri)) {
                pages.handle(request);
            } else {
                ApiPath.forwarded(uri)
                        .ifPresentOrElse(
                                forwarded -> receive(request, forwarded, requestId),
                                () -> Problem.NOT_FOUND.send(
                                        request.response(), requestId, "The store's API begins with /api/v1/."));
            }
        }

        private void receive(HttpServerRequest request, String uri, String requestId) {
            BalancerSettings settings = surroundings.settings();
            if (inWork >= settings.requestsMax()) {
                Problem.UNAVAILABLE.send(
                        request.response(), requestId, "Too many requests at once; nothing was stored.");
                return;
            }
            inWork++;
            Intake.receive(surroundings.vertx(), settings, request, requestId)
                    .onSuccess(body -> Exchange.begin(
                            surroundings,
                            new Attempt.Message(request, uri, requestId, body),
                            requests++,
                            () -> inWork--))
                    .onFailure(_ -> inWork--);
        }
    }
}
