package io.dynamokv.local.kube.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.object.ApiException;
import io.dynamokv.local.kube.patch.ListKeys;
import io.dynamokv.local.kube.patch.Patches;
import io.dynamokv.local.kube.patch.ServerSideApply;
import java.util.function.UnaryOperator;

/** Chooses the kind of patch by the request's content type. */
final class PatchCall {
    private static final String APPLY = "application/apply-patch+yaml";

    private PatchCall() {}

    static boolean creates(Call call) {
        return call.contentType().startsWith(APPLY);
    }

    static UnaryOperator<ObjectNode> change(Call call, JsonNode patch, ListKeys keys) {
        String type = call.contentType().split(";", 2)[0].strip();
        UnaryOperator<ObjectNode> change = switch (type) {
            case "application/json-patch+json" -> object -> Patches.json(object, patch);
            case "application/merge-patch+json" -> object -> Patches.merge(object, Bodies.object(patch));
            case "application/strategic-merge-patch+json" ->
                object -> Patches.strategicMerge(object, Bodies.object(patch), keys);
            case APPLY -> object -> apply(call, object, Bodies.object(patch), keys);
            default ->
                throw new ApiException(
                        415, "UnsupportedMediaType", "the body of the request was in an unknown format: " + type);
        };
        return object -> {
            try {
                return change.apply(object);
            } catch (IllegalArgumentException e) {
                throw new ApiException(422, "Invalid", String.valueOf(e.getMessage()));
            }
        };
    }

    private static ObjectNode apply(Call call, ObjectNode object, ObjectNode configuration, ListKeys keys) {
        String manager = call.parameter("fieldManager");
        if (manager.isEmpty()) {
            throw ApiException.badRequest("fieldManager is required for apply patch");
        }
        var apply = new ServerSideApply(manager, call.target().subresource(), call.isTrue("force"), keys);
        try {
            return apply.apply(object, configuration);
        } catch (ServerSideApply.ConflictException e) {
            throw new ApiException(409, "Conflict", String.valueOf(e.getMessage()));
        }
    }
}
