package io.dynamokv.local.kube.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.object.Meta;

/** Who owns an object. */
public final class OwnerReferences {
    private OwnerReferences() {}

    public static boolean names(JsonNode object, String uid) {
        for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
            if (reference.path("uid").asText().equals(uid)) {
                return true;
            }
        }
        return false;
    }

    static ObjectNode without(ObjectNode object, String uid) {
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
            if (!reference.path("uid").asText().equals(uid)) {
                kept.add(reference);
            }
        }
        if (kept.isEmpty()) {
            Meta.of(object).remove("ownerReferences");
        } else {
            Meta.of(object).set("ownerReferences", kept);
        }
        return object;
    }
}
