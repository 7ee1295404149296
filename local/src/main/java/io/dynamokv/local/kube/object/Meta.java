package io.dynamokv.local.kube.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads an object's metadata. */
public final class Meta {
    private Meta() {}

    public static ObjectNode of(ObjectNode object) {
        return object.get("metadata") instanceof ObjectNode metadata ? metadata : object.putObject("metadata");
    }

    public static String name(JsonNode object) {
        return text(object, "name");
    }

    public static String namespace(JsonNode object) {
        return text(object, "namespace");
    }

    public static String uid(JsonNode object) {
        return text(object, "uid");
    }

    public static String resourceVersion(JsonNode object) {
        return text(object, "resourceVersion");
    }

    public static long generation(JsonNode object) {
        return object.path("metadata").path("generation").asLong();
    }

    public static boolean isDeleting(JsonNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }

    public static String label(JsonNode object, String label) {
        return object.path("metadata").path("labels").path(label).asText("");
    }

    public static String annotation(JsonNode object, String annotation) {
        return object.path("metadata").path("annotations").path(annotation).asText("");
    }

    public static boolean hasFinalizers(JsonNode object) {
        return !finalizers(object).isEmpty();
    }

    public static List<String> finalizers(JsonNode object) {
        List<String> finalizers = new ArrayList<>();
        object.path("metadata").path("finalizers").forEach(one -> finalizers.add(one.asText()));
        return finalizers;
    }

    public static void addFinalizer(ObjectNode object, String finalizer) {
        if (!finalizers(object).contains(finalizer)) {
            Meta.of(object).withArrayProperty("finalizers").add(finalizer);
        }
    }

    public static void removeFinalizer(ObjectNode object, String finalizer) {
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        finalizers(object).stream().filter(one -> !one.equals(finalizer)).forEach(kept::add);
        if (kept.isEmpty()) {
            Meta.of(object).remove("finalizers");
        } else {
            Meta.of(object).set("finalizers", kept);
        }
    }

    /** The one owner that reconciles it. */
    public static Optional<JsonNode> controller(JsonNode object) {
        for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                return Optional.of(owner);
            }
        }
        return Optional.empty();
    }

    public static boolean isControlledBy(JsonNode object, JsonNode owner) {
        return controller(object)
                .map(reference -> reference.path("uid").asText().equals(uid(owner)))
                .orElse(false);
    }

    public static ObjectNode ownerReference(Kind kind, JsonNode owner, boolean controller) {
        ObjectNode reference = JsonNodeFactory.instance.objectNode();
        reference.put("apiVersion", kind.apiVersion()).put("kind", kind.name());
        reference.put("name", name(owner)).put("uid", uid(owner));
        return controller ? reference.put("controller", true).put("blockOwnerDeletion", true) : reference;
    }

    public static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** All but metadata and status: what {@code generation} counts. */
    public static boolean sameSpecification(ObjectNode one, ObjectNode other) {
        return specification(one).equals(specification(other));
    }

    private static Map<String, JsonNode> specification(ObjectNode object) {
        Map<String, JsonNode> fields = new TreeMap<>();
        object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        List.of("metadata", "status", "apiVersion", "kind").forEach(fields::remove);
        return fields;
    }

    private static String text(JsonNode object, String field) {
        return object.path("metadata").path(field).asText("");
    }
}
