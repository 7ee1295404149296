package io.dynamokv.local.kube.object;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A request that is refused, in the words of the API: clients decide by status and reason. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    public ApiException(int status, String reason, String message) {
        super(message);
        this.status = status;
        this.reason = reason;
    }

    public static ApiException badRequest(String message) {
        return new ApiException(400, "BadRequest", message);
    }

    public static ApiException noSuchResource() {
        return new ApiException(404, "NotFound", "the server could not find the requested resource");
    }

    public static ApiException notFound(ObjectKey key) {
        return new ApiException(404, "NotFound", key.resource() + " \"" + key.name() + "\" not found");
    }

    public static ApiException alreadyExists(ObjectKey key) {
        return new ApiException(409, "AlreadyExists", key.resource() + " \"" + key.name() + "\" already exists");
    }

    public static ApiException conflict(ObjectKey key, String why) {
        return new ApiException(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + key.resource() + " \"" + key.name() + "\": " + why);
    }

    public static ApiException modified(ObjectKey key) {
        return conflict(
                key, "the object has been modified; please apply your changes to the latest version and try again");
    }

    public static ApiException invalid(Kind kind, String name, List<String> problems) {
        String what = kind.group().isEmpty() ? kind.name() : kind.name() + "." + kind.group();
        return new ApiException(
                422,
                "Invalid",
                what + " \"" + name + "\" is invalid: "
                        + (problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]"));
    }

    /** What was asked for is older than the history that is kept. */
    public static ApiException expired(long version) {
        return new ApiException(410, "Expired", "too old resource version: " + version);
    }

    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }

    /** As clients get it. */
    public ObjectNode body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        return body.put("status", "Failure")
                .put("message", getMessage())
                .put("reason", reason)
                .put("code", status);
    }
}
