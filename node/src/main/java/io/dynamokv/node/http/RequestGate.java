package io.dynamokv.node.http;

import io.dynamokv.node.config.NodeConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Turns away what no resource could answer well, before a body is read: unknown paths and methods, bodies that are too long, paths that
 * cannot be decoded. What would otherwise be an empty page of the framework is a problem that says what is wrong.
 */
@Singleton
public class RequestGate {
    private static final int BEFORE_EVERYTHING = 1000;
    private static final Set<HttpMethod> KEY_VALUE_METHODS =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PUT, HttpMethod.DELETE);
    private static final Set<HttpMethod> READ_METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final NodeConfig.Limits limits;

    RequestGate(NodeConfig config) {
        limits = config.limits();
    }

    void register(@Observes Filters filters) {
        filters.register(this::handle, BEFORE_EVERYTHING);
    }

    private void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        String path = request.path();
        if (path == null) {
            turnAway(
                    request,
                    Problem.badInput(
                            400, "path", "an absolute path", "The request has no path", RequestReader.idOf(request)));
        } else if (path.startsWith(KeyPath.PREFIX)) {
            if (isAllowed(request, KEY_VALUE_METHODS, "GET, HEAD, PUT, DELETE") && isReadable(request, path)) {
                context.next();
            }
        } else if (path.equals(ClusterResource.PATH)) {
            if (isAllowed(request, READ_METHODS, "GET, HEAD")) {
                context.next();
            }
        } else if (path.startsWith("/q/")) {
            context.next();
        } else {
            turnAway(
                    request,
                    Problem.of(
                            404,
                            "unknown-path",
                            "Unknown path",
                            "Values are at " + KeyPath.PREFIX + "{bucket}/{key}, the cluster at "
                                    + ClusterResource.PATH,
                            RequestReader.idOf(request)));
        }
    }

    private boolean isAllowed(HttpServerRequest request, Set<HttpMethod> methods, String allow) {
        if (methods.contains(request.method())) {
            return true;
        }
        request.response().putHeader("Allow", allow);
        turnAway(
                request,
                Problem.badInput(
                        405,
                        "method",
                        allow,
                        "This path does not know " + request.method(),
                        RequestReader.idOf(request)));
        return false;
    }

    private boolean isReadable(HttpServerRequest request, String path) {
        try {
            boolean hasKey = path.indexOf('/', KeyPath.PREFIX.length()) > 0;
            if (!hasKey || path.indexOf('%') >= 0) {
                KeyPath.parse(path, limits.keyBytesMax());
            }
            String length = request.getHeader("Content-Length");
            if (length != null && (length.length() > 9 || Integer.parseInt(length) > limits.valueBytesMax())) {
                throw RequestReader.tooLong(limits.valueBytesMax());
            }
            return true;
        } catch (BadInputException e) {
            turnAway(request, e.toProblem(RequestReader.idOf(request)));
        } catch (NumberFormatException _) {
            turnAway(
                    request,
                    Problem.badInput(
                            400,
                            "Content-Length",
                            "a number of bytes",
                            "Content-Length is no number",
                            RequestReader.idOf(request)));
        }
        return false;
    }

    /** The body that may follow is not read, so the connection cannot be used again. */
    private static void turnAway(HttpServerRequest request, Problem problem) {
        request.response().putHeader("Connection", "close");
        problem.send(request.response());
    }
}
