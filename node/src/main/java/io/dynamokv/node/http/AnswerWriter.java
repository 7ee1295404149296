package io.dynamokv.node.http;

import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.ContextCodec;
import io.dynamokv.core.version.Sibling;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.node.port.Answer;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** Turns what a request came to into a response: the status codes of the client protocol. */
final class AnswerWriter {
    /**
     * What clients store is theirs: a browser that shows it under our origin must neither guess its type nor run it.
     */
    private static final String SANDBOX = "default-src 'none'; sandbox";

    /** One of several versions. */
    record VersionDocument(String value, String contentType, Instant writtenAt) {}

    /** The body of a 300. */
    record VersionsDocument(List<VersionDocument> versions) {}

    private final Key key;
    private final Conflicts conflicts;
    private final String requestId;
    private final ContextCodec contexts;

    AnswerWriter(Key key, Conflicts conflicts, String requestId, ContextCodec contexts) {
        this.key = key;
        this.conflicts = conflicts;
        this.requestId = requestId;
        this.contexts = contexts;
    }

    /** What the body will hold, if it has values; what else is said is short. */
    int bytesOf(Answer answer) {
        if (!(answer instanceof Answer.Done(Outcome.Found(VersionedRecord record, boolean _)))) {
            return 0;
        }
        return isOne(record)
                ? record.latest().map(AnswerWriter::bytesOf).orElse(0)
                : record.siblings().stream()
                        .mapToInt(sibling -> (bytesOf(sibling) + 2) / 3 * 4)
                        .sum();
    }

    private static int bytesOf(Sibling sibling) {
        return sibling.content().value().length;
    }

    private boolean isOne(VersionedRecord record) {
        return record.siblings().size() <= 1 || conflicts == Conflicts.LATEST;
    }

    Response overloaded() {
        return overloaded(requestId).toResponse().build();
    }

    Response write(Answer answer) {
        return switch (answer) {
            case Answer.Done(Outcome outcome) -> write(outcome);
            case Answer.Overloaded() -> overloaded();
            case Answer.DiskNearlyFull() ->
                problem(
                        503,
                        "disk-nearly-full",
                        "Disk nearly full",
                        "This node's volume is nearly full; nothing was stored. Reads and deletes go on");
            case Answer.NotServing() -> notServing(requestId);
        };
    }

    static Problem overloaded(String requestId) {
        return Problem.of(
                503, "overloaded", "Overloaded", "The node has too much under way; nothing was stored", requestId);
    }

    static Response notServing(String requestId) {
        return Problem.of(
                        503,
                        "not-serving",
                        "Not serving",
                        "The node has not joined a cluster yet, or it is stopping",
                        requestId)
                .toResponse()
                .build();
    }

    private Response problem(int status, String type, String title, String detail) {
        return Problem.of(status, type, title, detail, requestId).toResponse().build();
    }

    private Response write(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Found(VersionedRecord record, boolean sloppy) -> marked(found(record), sloppy);
            case Outcome.Written(VersionVector context, boolean sloppy) -> {
                Response.ResponseBuilder response = Response.noContent().header(Headers.REQUEST_ID, requestId);
                yield marked(context == null ? response : response.header(Headers.CONTEXT, seal(context)), sloppy);
            }
            case Outcome.Refused(int needed, int received) ->
                Problem.of(
                                503,
                                "quorum-unavailable",
                                "Too few replicas",
                                needed + " replicas must answer and " + received + " can or did; nothing was stored",
                                requestId)
                        .withVotes(needed, received)
                        .toResponse()
                        .build();
            case Outcome.Unknown(int needed, int received) ->
                Problem.of(
                                504,
                                "outcome-unknown",
                                "Outcome unknown",
                                needed + " replicas must have the write and " + received
                                        + " confirmed it in time; it may be stored or not",
                                requestId)
                        .withVotes(needed, received)
                        .toResponse()
                        .build();
            case Outcome.LimitExceeded(String limit, long value, long max) ->
                Problem.of(
                                409,
                                "limit-exceeded",
                                "Too many versions",
                                "The write would leave " + value + " " + limit + " at this key, at most " + max
                                        + " are allowed: read, merge and write with the context",
                                requestId)
                        .withLimit(max + " " + limit)
                        .toResponse()
                        .build();
            case Outcome.RequestIdReused() ->
                problem(
                        422,
                        "request-id-reused",
                        "Request id reused",
                        "The id of this request belongs to another write of this key; nothing was stored");
        };
    }

    private String seal(VersionVector vector) {
        return contexts.seal(key.bucket(), key.name(), vector);
    }

    /** A stand-in's voice was counted: owners may not have it yet, or have more (rule R2). */
    private static Response marked(Response.ResponseBuilder response, boolean sloppy) {
        return (sloppy ? response.header(Headers.QUORUM, "sloppy") : response).build();
    }

    private Response.ResponseBuilder found(VersionedRecord record) {
        if (record.siblings().isEmpty()) {
            Response.ResponseBuilder response = Problem.of(
                            404, "not-found", "Not found", "There is no value at " + key, requestId)
                    .toResponse();
            return record.isEmpty() ? response : response.header(Headers.CONTEXT, seal(record.context()));
        }
        Response.ResponseBuilder response =
                isOne(record) ? one(record.latest().orElseThrow()) : several(record.siblings());
        return response.header(Headers.CONTEXT, seal(record.context()))
                .header(Headers.REQUEST_ID, requestId)
                .header("Cache-Control", "no-store");
    }

    private static Response.ResponseBuilder one(Sibling sibling) {
        return Response.ok(sibling.content().value())
                .header(HttpHeaders.CONTENT_TYPE, sibling.content().contentType())
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Security-Policy", SANDBOX);
    }

    private static Response.ResponseBuilder several(List<Sibling> siblings) {
        List<VersionDocument> versions = siblings.stream()
                .map(sibling -> new VersionDocument(
                        Base64.getEncoder().encodeToString(sibling.content().value()),
                        sibling.content().contentType(),
                        Instant.ofEpochMilli(sibling.time().millis())))
                .toList();
        return Response.status(300).type(MediaType.APPLICATION_JSON).entity(new VersionsDocument(versions));
    }
}
