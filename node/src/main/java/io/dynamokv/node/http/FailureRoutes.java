package io.dynamokv.node.http;

import io.dynamokv.node.config.NodeConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * What fails before or behind the resources, where the framework would answer with an empty page or its own: a problem here too. A
 * client's mistake leaves nothing in the log, for anyone can make a million of them.
 */
@Singleton
public class FailureRoutes {
    private static final Logger LOG = Logger.getLogger(FailureRoutes.class);
    /** Before the framework's own. */
    private static final int ORDER = -1000;

    private static final int[] FRAMEWORK_STATUSES = {400, 404, 405, 406, 413, 414, 415};

    private final RequestGate gate;
    private final TurnAway turnAway;
    private final NodeConfig.Limits limits;

    FailureRoutes(Vertx vertx, NodeConfig config, RequestGate gate) {
        this.gate = gate;
        turnAway = new TurnAway(vertx);
        limits = config.limits();
    }

    void register(@Observes Router router) {
        router.route().order(ORDER).failureHandler(this::answer);
        for (int status : FRAMEWORK_STATUSES) {
            router.errorHandler(status, this::answer);
        }
    }

    private void answer(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.response().headWritten() || request.response().closed()) {
            return;
        }
        var _ = gate.wayOut(request); // what fails before the gate, too
        turnAway.answer(request, problem(context, RequestReader.idOf(request)));
    }

    private Problem problem(RoutingContext context, String requestId) {
        int status = context.statusCode();
        if (status < 400 || status >= 500) {
            LOG.errorf(
                    context.failure(),
                    "%s %s failed, request id %s",
                    context.request().method(),
                    context.request().path(),
                    requestId);
            return Problem.of(500, "internal", "Internal error", "The node failed by a defect", requestId);
        }
        if (status == 404 && !context.request().method().equals(HttpMethod.CONNECT)) {
            return Problem.of(404, "unknown-path", "Unknown path", "Nothing is here", requestId);
        }
        if (status == 413) {
            return RequestReader.tooLong(limits.valueBytesMax()).toProblem(requestId);
        }
        return Problem.badInput(
                status == 404 ? 400 : status,
                "path",
                "a path and query as RFC 3986 has them, and a Host",
                "The request's line or Host cannot be read",
                requestId);
    }
}
