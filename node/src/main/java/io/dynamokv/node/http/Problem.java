package io.dynamokv.node.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.Json;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 has it, {@code application/problem+json}.
 *
 * @param field which part of the request is wrong
 * @param limit what would be right, with its unit
 * @param votesNeeded how many replicas had to answer
 * @param votesReceived how many did, or could have
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String requestId,
        @Nullable String field,
        @Nullable String limit,
        @Nullable Integer votesNeeded,
        @Nullable Integer votesReceived) {
    public static final String MEDIA_TYPE = "application/problem+json";
    private static final String TYPE_PREFIX = "urn:dynamokv:problem:";
    private static final int RETRY_AFTER_SECONDS = 1;

    static Problem of(int status, String type, String title, String detail, String requestId) {
        return new Problem(TYPE_PREFIX + type, title, status, detail, requestId, null, null, null, null);
    }

    static Problem badInput(int status, String field, String limit, String detail, String requestId) {
        return new Problem(TYPE_PREFIX + "bad-input", "Bad input", status, detail, requestId, field, limit, null, null);
    }

    Problem withVotes(int needed, int received) {
        return new Problem(type, title, status, detail, requestId, field, limit, needed, received);
    }

    Problem withLimit(String newLimit) {
        return new Problem(type, title, status, detail, requestId, field, newLimit, votesNeeded, votesReceived);
    }

    /** For what is answered outside of the resources. */
    void send(HttpServerResponse response) {
        if (status == 503) {
            response.putHeader("Retry-After", Integer.toString(RETRY_AFTER_SECONDS));
        }
        response.setStatusCode(status)
                .putHeader("Content-Type", MEDIA_TYPE)
                .putHeader(Headers.REQUEST_ID, requestId)
                .putHeader("Cache-Control", "no-store")
                .end(Json.encodeToBuffer(this));
    }

    Response.ResponseBuilder toResponse() {
        Response.ResponseBuilder response = Response.status(status)
                .type(MEDIA_TYPE)
                .header(Headers.REQUEST_ID, requestId)
                .header("Cache-Control", "no-store")
                .entity(this);
        return status == 503 ? response.header("Retry-After", RETRY_AFTER_SECONDS) : response;
    }
}
