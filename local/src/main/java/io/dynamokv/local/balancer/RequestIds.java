package io.dynamokv.local.balancer;

import io.vertx.core.http.HttpServerRequest;
import java.util.UUID;

/** The id that follows a request through balancer, nodes and logs. Every write has one (rule W4), so the balancer makes it when the client did not. */
final class RequestIds {
    static final String HEADER = "X-Request-Id";

    private RequestIds() {}

    static String of(HttpServerRequest request) {
        String given = request.getHeader(HEADER);
        return given == null || given.isBlank() ? UUID.randomUUID().toString() : given;
    }
}
