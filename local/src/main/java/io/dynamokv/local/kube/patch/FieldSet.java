package io.dynamokv.local.kube.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** The fields that an applied configuration names, in the form of {@code fieldsV1}: what its manager owns. */
final class FieldSet {
    private final ListKeys keys;

    FieldSet(ListKeys keys) {
        this.keys = keys;
    }

    ObjectNode of(JsonNode configuration) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        collect(configuration, fields, "");
        return fields;
    }

    private void collect(JsonNode value, ObjectNode fields, String path) {
        if (value instanceof ObjectNode object) {
            object.properties()
                    .forEach(field -> collect(
                            field.getValue(), fields.putObject("f:" + field.getKey()), path + "." + field.getKey()));
        } else if (value instanceof ArrayNode elements) {
            elements.forEach(element -> collectElement(element, fields, path));
        }
    }

    private void collectElement(JsonNode element, ObjectNode fields, String path) {
        if (keys.isSet(path)) {
            fields.putObject("v:" + element);
        }
        keys.of(path, element).ifPresent(names -> {
            ObjectNode below = fields.putObject("k:" + keyOf(names, element));
            below.putObject(".");
            collect(element, below, path + "[]");
        });
    }

    private static ObjectNode keyOf(List<String> names, JsonNode element) {
        ObjectNode key = JsonNodeFactory.instance.objectNode();
        names.forEach(name -> key.set(name, element.path(name)));
        return key;
    }

    /** Takes out of a value what a manager owned and names no more, and nobody else owns. */
    static void remove(JsonNode value, JsonNode owned, JsonNode named, List<JsonNode> others) {
        owned.properties().forEach(entry -> {
            String field = entry.getKey();
            if (field.equals(".")) {
                return;
            }
            List<JsonNode> othersBelow = others.stream()
                    .filter(other -> other.has(field))
                    .map(other -> other.path(field))
                    .toList();
            boolean kept = named.has(field) || !othersBelow.isEmpty();
            boolean whole = entry.getValue().isEmpty() || entry.getValue().has(".");
            if (!kept && whole) {
                removeField(value, field);
                return;
            }
            below(value, field).ifPresent(child -> {
                remove(child, entry.getValue(), named.path(field), othersBelow);
                if (!kept && child.isEmpty()) {
                    removeField(value, field);
                }
            });
        });
    }

    private static Optional<JsonNode> below(JsonNode value, String field) {
        if (field.startsWith("f:")) {
            return Optional.ofNullable(value.get(field.substring(2)));
        }
        int at = elementAt(value, field);
        return at < 0 ? Optional.empty() : Optional.of(value.get(at));
    }

    private static void removeField(JsonNode value, String field) {
        if (field.startsWith("f:") && value instanceof ObjectNode object) {
            object.remove(field.substring(2));
        } else if (value instanceof ArrayNode list) {
            int at = elementAt(value, field);
            if (at >= 0) {
                list.remove(at);
            }
        }
    }

    private static int elementAt(JsonNode list, String field) {
        JsonNode wanted = JsonText.parse(field.substring(2));
        boolean keyed = field.startsWith("k:");
        for (int i = 0; i < list.size(); i++) {
            JsonNode element = list.get(i);
            boolean same = keyed
                    ? wanted.properties().stream()
                            .allMatch(key -> key.getValue().equals(element.path(key.getKey())))
                    : element.equals(wanted);
            if (same) {
                return i;
            }
        }
        return -1;
    }
}
