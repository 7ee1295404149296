package io.dynamokv.local.balancer;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.nio.file.Path;

/**
 * Serves the cart's built pages: the shop at the root, the one about the nodes at {@code /status}. The headers allow what they need and
 * nothing else; only files whose name changes with their content are kept by browsers for long.
 */
final class StaticPages {
    private static final String CONTENT_SECURITY_POLICY = "default-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    private static final String STATUS = "/status";
    private static final String STATUS_FILE = "/status.html";
    private static final String HASHED_FILES = "/assets/";

    private final Router router;

    StaticPages(Vertx vertx, Path pages) {
        router = Router.router(vertx);
        router.route().handler(StaticPages::secure);
        router.route().method(HttpMethod.GET).method(HttpMethod.HEAD).handler(StaticPages::name);
        router.route()
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(StaticHandler.create(
                                FileSystemAccess.ROOT, pages.toAbsolutePath().toString())
                        .setIncludeHidden(false)
                        .setDirectoryListing(false));
        router.route().handler(context -> {
            HttpMethod method = context.request().method();
            boolean reading = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
            refuse(context, reading ? Problem.NOT_FOUND : Problem.METHOD_NOT_ALLOWED);
        });
        router.errorHandler(404, context -> refuse(context, Problem.NOT_FOUND));
        router.errorHandler(400, context -> refuse(context, Problem.BAD_PATH));
    }

    void handle(HttpServerRequest request) {
        router.handle(request);
    }

    /** NGINX has the same path for the same file, and no other. */
    private static void name(RoutingContext context) {
        if (STATUS.equals(context.request().path())) {
            context.reroute(STATUS_FILE);
        } else {
            context.next();
        }
    }

    private static void secure(RoutingContext context) {
        String path = context.request().path();
        boolean keepable = path != null && path.startsWith(HASHED_FILES);
        context.addHeadersEndHandler(_ -> {
            boolean kept = keepable && context.response().getStatusCode() < 400;
            context.response()
                    .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader("Referrer-Policy", "no-referrer")
                    .putHeader(HttpHeaders.CACHE_CONTROL, kept ? "public, max-age=31536000, immutable" : "no-cache");
        });
        context.next();
    }

    private static void refuse(RoutingContext context, Problem problem) {
        String path = context.request().path();
        String detail = problem == Problem.METHOD_NOT_ALLOWED
                ? "Pages are read with GET or HEAD; the store's API begins with /api/v1/."
                : "There is no page at '" + path + "'.";
        problem.send(context.response(), RequestIds.of(context.request()), detail);
    }
}
