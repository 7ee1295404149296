package io.dynamokv.local.kube.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The structural schema of one version of a CRD, in the order of a real server: prune, default, validate, rules. */
public final class StructuralSchema {
    private static final Set<String> OF_EVERY_OBJECT = Set.of("apiVersion", "kind", "metadata");

    private final JsonNode root;
    private final RuleTree rules;

    /** @throws IllegalArgumentException if a rule does not compile */
    public StructuralSchema(JsonNode openApi) {
        root = openApi.deepCopy();
        rules = RuleTree.of(root);
    }

    public JsonNode openApi() {
        return root;
    }

    /** Removes what the schema does not know and names it. */
    public List<String> prune(ObjectNode object) {
        List<String> unknown = new ArrayList<>();
        prune(root, object, "", unknown);
        return unknown;
    }

    private static void prune(JsonNode schema, JsonNode value, String path, List<String> unknown) {
        if (value instanceof ObjectNode object) {
            if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()
                    || schema.path("x-kubernetes-embedded-resource").asBoolean()) {
                return;
            }
            JsonNode properties = schema.path("properties");
            JsonNode additional = schema.path("additionalProperties");
            for (String name : names(object)) {
                boolean general = path.isEmpty() && OF_EVERY_OBJECT.contains(name);
                JsonNode below = properties.has(name) ? properties.path(name) : additional;
                if (general) {
                    continue;
                }
                if (below.isMissingNode() || (below.isBoolean() && !below.asBoolean())) {
                    object.remove(name);
                    unknown.add(child(path, name));
                } else {
                    prune(below, object.path(name), child(path, name), unknown);
                }
            }
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                prune(schema.path("items"), value.get(i), path + "[" + i + "]", unknown);
            }
        }
    }

    /** Sets what is missing and has a default; an explicit null counts as missing unless the field is nullable. */
    public void setDefaults(ObjectNode object) {
        setDefaults(root, object);
    }

    private static void setDefaults(JsonNode schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            schema.path("properties").properties().forEach(property -> {
                String name = property.getKey();
                JsonNode below = property.getValue();
                boolean nullAndNotNullable =
                        object.path(name).isNull() && !below.path("nullable").asBoolean();
                if (nullAndNotNullable) {
                    object.remove(name);
                }
                if (!object.has(name) && below.has("default")) {
                    object.set(name, below.get("default").deepCopy());
                }
                setDefaults(below, object.path(name));
            });
            JsonNode additional = schema.path("additionalProperties");
            object.forEach(field -> setDefaults(additional, field));
        } else if (value.isArray()) {
            value.forEach(element -> setDefaults(schema.path("items"), element));
        }
    }

    /** @param old the version before, which transition rules are about */
    public List<String> validate(ObjectNode object, Optional<ObjectNode> old) {
        List<String> problems = new ArrayList<>(new SchemaCheck().check(root, object));
        if (problems.isEmpty()) {
            rules.check(root, object, old.map(JsonNode.class::cast), "", problems);
        }
        return problems;
    }

    private static List<String> names(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    static String child(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
