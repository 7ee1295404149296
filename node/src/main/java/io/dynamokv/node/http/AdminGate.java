package io.dynamokv.node.http;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** What {@link RequestGate} and {@link FailureRoutes} are for clients, for the admin port: what is answered by nobody else is a problem too. */
@Singleton
public class AdminGate {
    private static final Logger LOG = Logger.getLogger(AdminGate.class);
    /** {@code quarkus.management.limits.max-body-size}: the framework reads bodies, before anybody else is asked. */
    private static final int BODY_BYTES_MAX = 8 << 20;

    private static final int BEFORE_EVERYTHING = -1000;
    private static final int[] FRAMEWORK_STATUSES = {400, 404, 405, 406, 413, 415};

    private final RequestGate gate;
    private final TurnAway turnAway;

    AdminGate(Vertx vertx, RequestGate gate) {
        this.gate = gate;
        turnAway = new TurnAway(vertx);
    }

    void register(@Observes ManagementInterface management) {
        Router router = management.router();
        router.route().order(BEFORE_EVERYTHING).handler(this::check).failureHandler(this::answer);
        for (int status : FRAMEWORK_STATUSES) {
            router.errorHandler(status, this::answer);
        }
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        // Without a handler each request that is cut off in the middle leaves a stack in the log.
        request.exceptionHandler(cutOff -> LOG.debugf(cutOff, "a request was cut off"));
        if (TurnAway.isGone(request)) {
            return;
        }
        var _ = gate.wayOut(request);
        try {
            RequestHead.check(request);
            context.next();
        } catch (BadInputException e) {
            turnAway.answer(request, e.toProblem(RequestReader.idOf(request)));
        }
    }

    private static BadInputException tooLong() {
        return new BadInputException(
                413, "body", "0.." + BODY_BYTES_MAX + " bytes", "A body has at most " + BODY_BYTES_MAX + " bytes");
    }

    private void answer(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!request.response().headWritten() && !request.response().closed()) {
            var _ = gate.wayOut(request);
            turnAway.answer(request, problem(context, RequestReader.idOf(request)));
        }
    }

    private static Problem problem(RoutingContext context, String requestId) {
        HttpMethod method = context.request().method();
        return switch (context.statusCode()) {
            case 404 ->
                Problem.of(
                        404,
                        "unknown-path",
                        "Unknown path",
                        "The admin API is at /admin/v1, health at /q/health, metrics at /q/metrics",
                        requestId);
            case 405 ->
                Problem.badInput(
                        405, "method", "see the guide's admin API", "This path does not know " + method, requestId);
            case 413 -> tooLong().toProblem(requestId);
            default ->
                Problem.badInput(
                        context.statusCode(),
                        "path",
                        "a path and query as RFC 3986 has them, and a Host",
                        "The request's line or Host cannot be read",
                        requestId);
        };
    }
}
