package io.dynamokv.local.kube.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.object.ApiException;
import io.dynamokv.local.kube.object.Meta;

/** The scale subresource: a view of an object's replicas, where its kind keeps them. */
final class Scale {
    private final String specPath;
    private final String statusPath;
    private final String selectorPath;

    private Scale(String specPath, String statusPath, String selectorPath) {
        this.specPath = specPath;
        this.statusPath = statusPath;
        this.selectorPath = selectorPath;
    }

    static Scale ofBuiltIn() {
        return new Scale(".spec.replicas", ".status.replicas", "");
    }

    /** @param paths as in the CRD */
    static Scale ofPaths(JsonNode paths) {
        return new Scale(
                paths.path("specReplicasPath").asText(),
                paths.path("statusReplicasPath").asText(),
                paths.path("labelSelectorPath").asText(""));
    }

    ObjectNode read(ObjectNode object) {
        ObjectNode scale = JsonNodeFactory.instance.objectNode();
        scale.put("apiVersion", "autoscaling/v1").put("kind", "Scale");
        ObjectNode metadata = scale.putObject("metadata").put("name", Meta.name(object));
        metadata.put("namespace", Meta.namespace(object)).put("uid", Meta.uid(object));
        metadata.put("resourceVersion", Meta.resourceVersion(object));
        metadata.set("creationTimestamp", object.path("metadata").path("creationTimestamp"));
        scale.putObject("spec").put("replicas", at(object, specPath).asInt());
        ObjectNode status =
                scale.putObject("status").put("replicas", at(object, statusPath).asInt());
        String selector = selectorPath.isEmpty()
                ? labels(object.path("spec").path("selector").path("matchLabels"))
                : at(object, selectorPath).asText("");
        status.put("selector", selector);
        return scale;
    }

    private static String labels(JsonNode labels) {
        StringBuilder text = new StringBuilder();
        labels.properties()
                .forEach(label -> text.append(text.isEmpty() ? "" : ",")
                        .append(label.getKey())
                        .append('=')
                        .append(label.getValue().asText()));
        return text.toString();
    }

    /** The object with the replicas that a scale says. */
    ObjectNode written(ObjectNode object, ObjectNode scale) {
        JsonNode replicas = scale.path("spec").path("replicas");
        if (!replicas.isIntegralNumber() || replicas.asInt() < 0) {
            throw ApiException.badRequest("spec.replicas: Invalid value: " + replicas + ": must be 0 or more");
        }
        ObjectNode changed = object.deepCopy();
        int dot = specPath.lastIndexOf('.');
        ObjectNode parent = changed.withObject(pointer(specPath.substring(0, dot)));
        parent.set(specPath.substring(dot + 1), replicas);
        String version = Meta.resourceVersion(scale);
        if (version.isEmpty()) {
            Meta.of(changed).remove("resourceVersion");
        } else {
            Meta.of(changed).put("resourceVersion", version);
        }
        return changed;
    }

    private static JsonNode at(ObjectNode object, String path) {
        return object.at(pointer(path));
    }

    private static String pointer(String path) {
        return path.replace('.', '/');
    }
}
