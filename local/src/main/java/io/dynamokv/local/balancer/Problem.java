package io.dynamokv.local.balancer;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** An error answer of the balancer's own, in the same form as a node's: RFC 9457 problem details with the request's id. */
enum Problem {
    BAD_PATH(400, "Bad path"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    BODY_TOO_SLOW(408, "The request did not arrive in time"),
    TOO_LARGE(413, "The value is too large"),
    BAD_ANSWER(502, "A node's answer cannot be passed on"),
    UNAVAILABLE(503, "No node can answer"),
    NO_ANSWER(504, "No node answered in time"),
    OUTCOME_UNKNOWN(504, "Outcome unknown");

    private final int status;
    private final String title;

    Problem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    void send(HttpServerResponse response, String requestId, String detail) {
        if (response.ended() || response.closed() || response.headWritten()) {
            return;
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(RequestIds.HEADER, requestId);
        if (this == UNAVAILABLE) {
            response.putHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        if (this == TOO_LARGE || this == BODY_TOO_SLOW) {
            // The rest of the body is not read, so the connection cannot carry another request.
            response.putHeader(HttpHeaders.CONNECTION, "close");
        }
        var document = new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("requestId", requestId);
        response.end(document.toBuffer());
    }
}
