package io.dynamokv.local.balancer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.httpproxy.ProxyResponse;

/** An error answer of the balancer's own, in the same form as a node's: RFC 9457 problem details with the request's id. */
enum Problem {
    BAD_PATH(400, "bad-input", "Bad path"),
    NOT_FOUND(404, "unknown-path", "Not found"),
    METHOD_NOT_ALLOWED(405, "bad-input", "Method not allowed"),
    BODY_TOO_SLOW(408, "body-too-slow", "The request did not arrive in time"),
    TOO_LARGE(413, "bad-input", "The value is too large"),
    BAD_ANSWER(502, "bad-answer", "A node's answer cannot be passed on"),
    UNAVAILABLE(503, "no-node", "No node can answer"),
    NO_ANSWER(504, "no-answer", "No node answered in time"),
    OUTCOME_UNKNOWN(504, "outcome-unknown", "Outcome unknown");

    /** As the nodes have them, so that a client needs to know one set of types. */
    private static final String TYPE_PREFIX = "urn:dynamokv:problem:";

    private static final String NOT_SERVING = TYPE_PREFIX + "not-serving";
    private static final String MEDIA_TYPE = "application/problem+json";

    private final int status;
    private final String type;
    private final String title;

    Problem(int status, String type, String title) {
        this.status = status;
        this.type = type;
        this.title = title;
    }

    /** Whether a node says so of itself. Nothing of such a request was begun, which no other 503 says to a balancer as plainly. */
    static boolean isNotServing(ProxyResponse response, Buffer body) {
        if (response.getStatusCode() != UNAVAILABLE.status
                || !MEDIA_TYPE.equals(response.headers().get(HttpHeaders.CONTENT_TYPE))) {
            return false;
        }
        try {
            return NOT_SERVING.equals(body.toJsonObject().getValue("type"));
        } catch (DecodeException e) {
            return false;
        }
    }

    void send(HttpServerResponse response, String requestId, String detail) {
        if (response.ended() || response.closed() || response.headWritten()) {
            return;
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
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
                .put("type", TYPE_PREFIX + type)
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("requestId", requestId);
        response.end(document.toBuffer());
    }
}
