package io.dynamokv.local.balancer;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.ConnectException;

/**
 * Asks every node again and again whether it is ready. A refused connection or a "not ready" takes the node out at once, late answers
 * do so the second time. One probe per node at a time.
 */
final class Prober {
    private static final int TURNS_UNNEEDED = 8;

    private final Vertx vertx;
    private final BalancerSettings settings;
    private final HttpClient client;

    Prober(Vertx vertx, BalancerSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        var options = new HttpClientOptions()
                .setKeepAliveTimeout(5)
                .setConnectTimeout(Math.toIntExact(settings.probeTimeoutMillis()))
                .setMaxPoolSize(2);
        client = vertx.httpClientBuilder()
                .with(options)
                .withConnectHandler(connection -> connection.exceptionHandler(_ -> {}))
                .build();
    }

    /** Completes when the first probe of this node has an outcome. */
    Future<Void> watch(Target target) {
        Promise<Void> first = Promise.promise();
        var probe = new Probe(target);
        target.onFailureProbe(probe::run);
        probe.run().onComplete(_ -> first.complete());
        vertx.setPeriodic(settings.probeEveryMillis(), _ -> probe.runUnlessUnneeded());
        return first.future();
    }

    private final class Probe {
        private final Target target;
        private boolean running;
        private int turns;

        Probe(Target target) {
            this.target = target;
        }

        /** A node that works, and of whom nobody wants anything, is asked each eighth time. */
        void runUnlessUnneeded() {
            turns++;
            if (turns % TURNS_UNNEEDED == 0 || target.needsProbe()) {
                var _ = run();
            }
        }

        Future<Void> run() {
            if (running) {
                return Future.succeededFuture();
            }
            running = true;
            var options = new RequestOptions()
                    .setServer(target.backend().admin())
                    .setHost(target.backend().admin().host())
                    .setPort(target.backend().admin().port())
                    .setMethod(HttpMethod.GET)
                    .setURI("/q/health/ready")
                    .setConnectTimeout(settings.probeTimeoutMillis())
                    .setIdleTimeout(settings.probeTimeoutMillis());
            Promise<Integer> status = Promise.promise();
            long timer = vertx.setTimer(settings.probeTimeoutMillis(), _ -> status.tryFail(new LateException()));
            client.request(options).onComplete(request -> {
                if (request.failed()) {
                    status.tryFail(request.cause());
                } else if (!status.future().isComplete()) {
                    send(request.result(), status);
                } else {
                    request.result().reset();
                }
            });
            return status.future().transform(result -> {
                vertx.cancelTimer(timer);
                running = false;
                if (result.succeeded()) {
                    conclude(result.result());
                } else {
                    conclude(result.cause());
                }
                return Future.succeededFuture();
            });
        }

        private void send(HttpClientRequest request, Promise<Integer> status) {
            request.send()
                    .compose(response -> response.body().map(response.statusCode()))
                    .onComplete(result -> {
                        if (result.succeeded()) {
                            status.tryComplete(result.result());
                        } else {
                            status.tryFail(result.cause());
                        }
                    });
            status.future().onFailure(_ -> request.reset());
        }

        private void conclude(int status) {
            if (status == 200) {
                target.probeSucceeded();
            } else {
                target.probeFailed("it is not ready");
            }
        }

        private void conclude(Throwable cause) {
            if (cause instanceof LateException) {
                target.probeWasLate();
            } else {
                target.probeFailed(cause instanceof ConnectException ? "connection refused" : "connection lost");
            }
        }
    }

    private static final class LateException extends RuntimeException {
        LateException() {
            super("late", null, false, false);
        }
    }
}
