package io.dynamokv.local.kube.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which lists are maps, and by which fields of their elements. For built-in kinds it is told by the lists' names; the schema of a CRD tells it
 * for its own, and has the last word.
 */
public final class ListKeys {
    private static final Map<String, List<List<String>>> BUILT_IN = Map.ofEntries(
            Map.entry("containers", List.of(List.of("name"))),
            Map.entry("initContainers", List.of(List.of("name"))),
            Map.entry("env", List.of(List.of("name"))),
            Map.entry("volumes", List.of(List.of("name"))),
            Map.entry("imagePullSecrets", List.of(List.of("name"))),
            Map.entry("volumeMounts", List.of(List.of("mountPath"))),
            Map.entry(
                    "ports",
                    List.of(
                            List.of("containerPort", "protocol"),
                            List.of("port", "protocol"),
                            List.of("containerPort"),
                            List.of("port"))),
            Map.entry("ownerReferences", List.of(List.of("uid"))),
            Map.entry("conditions", List.of(List.of("type"))),
            Map.entry("topologySpreadConstraints", List.of(List.of("topologyKey", "whenUnsatisfiable"))));
    private static final List<String> SETS = List.of("finalizers");

    /** Those of the built-in kinds. */
    public static final ListKeys BUILT_IN_KINDS = new ListKeys(Map.of());

    private final Map<String, List<String>> ofSchema;

    private ListKeys(Map<String, List<String>> ofSchema) {
        this.ofSchema = ofSchema;
    }

    /** @param openApi the schema of a CRD's version */
    public static ListKeys ofSchema(JsonNode openApi) {
        Map<String, List<String>> keys = new HashMap<>();
        collect(openApi, "", keys);
        return new ListKeys(keys);
    }

    private static void collect(JsonNode schema, String path, Map<String, List<String>> keys) {
        if (schema.path("type").asText().equals("array")) {
            List<String> names = new ArrayList<>();
            schema.path("x-kubernetes-list-map-keys").forEach(name -> names.add(name.asText()));
            keys.put(path, names);
            collect(schema.path("items"), path + "[]", keys);
        }
        schema.path("properties")
                .properties()
                .forEach(property -> collect(property.getValue(), path + "." + property.getKey(), keys));
    }

    boolean isSet(String path) {
        return SETS.contains(lastName(path));
    }

    /** The fields that name an element; empty if the list is one value. */
    Optional<List<String>> of(String path, JsonNode element) {
        if (ofSchema.containsKey(path)) {
            List<String> keys = ofSchema.getOrDefault(path, List.of());
            return keys.isEmpty() ? Optional.empty() : Optional.of(keys);
        }
        return BUILT_IN.getOrDefault(lastName(path), List.of()).stream()
                .filter(names -> names.stream().allMatch(element::has))
                .findFirst();
    }

    /** Whether both are the same element. A field that only one names is no difference: a protocol has a default. */
    static boolean same(List<String> keys, JsonNode one, JsonNode other) {
        return keys.stream()
                .allMatch(key -> one.path(key).equals(other.path(key)) || (key.equals("protocol") && !other.has(key)));
    }

    private static String lastName(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
