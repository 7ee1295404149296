package io.dynamokv.local.kube.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules of a schema, compiled once, in the shape of the schema. */
final class RuleTree {
    private final List<CelRule> rules = new ArrayList<>();
    private final Map<String, RuleTree> properties = new HashMap<>();
    private Optional<RuleTree> elements = Optional.empty();

    static RuleTree of(JsonNode schema) {
        var tree = new RuleTree();
        schema.path("x-kubernetes-validations").forEach(entry -> tree.rules.add(new CelRule(entry)));
        schema.path("properties").properties().forEach(property -> {
            RuleTree below = of(property.getValue());
            if (!below.isEmpty()) {
                tree.properties.put(property.getKey(), below);
            }
        });
        for (String each : List.of("items", "additionalProperties")) {
            if (schema.path(each).isObject()) {
                RuleTree below = of(schema.path(each));
                tree.elements = below.isEmpty() ? tree.elements : Optional.of(below);
            }
        }
        return tree;
    }

    private boolean isEmpty() {
        return rules.isEmpty() && properties.isEmpty() && elements.isEmpty();
    }

    void check(JsonNode schema, JsonNode value, Optional<JsonNode> old, String path, List<String> problems) {
        for (CelRule rule : rules) {
            boolean applies = !rule.isTransition() || old.isPresent();
            if (applies) {
                rule.problem(CelValue.of(value, schema), old.map(before -> CelValue.of(before, schema)))
                        .ifPresent(problem -> problems.add(rule.path(path.isEmpty() ? "<nil>" : path)
                                + ": Invalid value: \"" + SchemaCheck.typeOf(value) + "\": " + problem));
            }
        }
        properties.forEach((name, below) -> {
            if (value.has(name)) {
                below.check(
                        schema.path("properties").path(name),
                        value.path(name),
                        old.flatMap(before -> present(before.path(name))),
                        StructuralSchema.child(path, name),
                        problems);
            }
        });
        elements.ifPresent(below -> checkElements(below, schema, value, old, path, problems));
    }

    private static void checkElements(
            RuleTree below,
            JsonNode schema,
            JsonNode value,
            Optional<JsonNode> old,
            String path,
            List<String> problems) {
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                JsonNode element = value.get(i);
                Optional<JsonNode> before = old.flatMap(list -> counterpart(schema, list, element));
                below.check(schema.path("items"), element, before, path + "[" + i + "]", problems);
            }
        } else {
            value.properties().forEach(field -> {
                if (!schema.path("properties").has(field.getKey())) {
                    below.check(
                            schema.path("additionalProperties"),
                            field.getValue(),
                            old.flatMap(before -> present(before.path(field.getKey()))),
                            StructuralSchema.child(path, field.getKey()),
                            problems);
                }
            });
        }
    }

    /** The same element in the list before; only lists that are maps tell which that is. */
    private static Optional<JsonNode> counterpart(JsonNode schema, JsonNode list, JsonNode element) {
        if (schema.path("x-kubernetes-list-type").asText().equals("map")) {
            for (JsonNode before : list) {
                if (SchemaCheck.key(schema, before).equals(SchemaCheck.key(schema, element))) {
                    return Optional.of(before);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<JsonNode> present(JsonNode node) {
        return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
    }
}
