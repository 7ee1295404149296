package io.dynamokv.local.demo;

import io.dynamokv.local.balancer.Backend;
import io.dynamokv.local.balancer.Balancer;
import io.dynamokv.local.balancer.BalancerSettings;
import io.dynamokv.local.process.NodeSpec;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The one port for people: the cart's page and the API, by way of the balancer. */
final class Entrance implements AutoCloseable {
    private static final int CLOSE_SECONDS_MAX = 3;

    private final DemoOptions options;
    private final List<Backend> backends;
    private final Consumer<String> log;
    private final Vertx vertx;

    Entrance(DemoOptions options, List<NodeSpec> nodes, Consumer<String> log) {
        this.options = options;
        this.log = log;
        backends = nodes.stream()
                .map(node -> Backend.of(node.name(), node.host(), NodeSpec.HTTP_PORT, NodeSpec.ADMIN_PORT))
                .toList();
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    }

    void open() {
        try {
            Balancer.start(
                            vertx,
                            BalancerSettings.onPort(options.port()),
                            backends,
                            options.home().resolve("cart-frontend/dist"),
                            log)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new DemoException(
                    "port " + options.port() + " cannot be had (" + e.getMessage() + "): choose another with --port",
                    e);
        }
    }

    String url() {
        return "http://localhost:" + options.port();
    }

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)
                .join();
    }
}
