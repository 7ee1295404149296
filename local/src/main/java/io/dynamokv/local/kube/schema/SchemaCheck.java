package io.dynamokv.local.kube.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Types, bounds, patterns, required fields: what a schema says without rules. */
final class SchemaCheck {
    private final List<String> problems = new ArrayList<>();

    List<String> check(JsonNode schema, JsonNode object) {
        check(schema, object, "");
        return problems;
    }

    private void check(JsonNode schema, JsonNode value, String path) {
        if (value.isNull() && schema.path("nullable").asBoolean()) {
            return;
        }
        if (!hasType(schema, value)) {
            String type = schema.path("type").asText("integer or string");
            invalid(
                    path,
                    "\"" + typeOf(value) + "\"",
                    path + " in body must be of type " + type + ": \"" + typeOf(value) + "\"");
            return;
        }
        switch (value.getNodeType()) {
            case OBJECT -> object(schema, value, path);
            case ARRAY -> array(schema, value, path);
            case STRING -> string(schema, value.textValue(), path);
            case NUMBER -> number(schema, value, path);
            case BOOLEAN, NULL, MISSING, BINARY, POJO -> {}
        }
        options(schema, value, path);
    }

    private static boolean hasType(JsonNode schema, JsonNode value) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return value.isIntegralNumber() || value.isTextual();
        }
        return switch (schema.path("type").asText()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> true;
        };
    }

    static String typeOf(JsonNode value) {
        return value.isIntegralNumber() ? "integer" : value.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    private void object(JsonNode schema, JsonNode value, String path) {
        for (JsonNode required : schema.path("required")) {
            if (!value.has(required.asText())) {
                problems.add(StructuralSchema.child(path, required.asText()) + ": Required value");
            }
        }
        size(schema, value.size(), path, "Properties", "properties");
        value.properties().forEach(field -> {
            JsonNode property = schema.path("properties").path(field.getKey());
            JsonNode below = property.isMissingNode() ? schema.path("additionalProperties") : property;
            if (below.isObject()) {
                check(below, field.getValue(), StructuralSchema.child(path, field.getKey()));
            }
        });
    }

    private void array(JsonNode schema, JsonNode value, String path) {
        size(schema, value.size(), path, "Items", "items");
        Set<List<JsonNode>> seen = new HashSet<>();
        boolean set = schema.path("x-kubernetes-list-type").asText().equals("set");
        boolean map = schema.path("x-kubernetes-list-type").asText().equals("map");
        for (int i = 0; i < value.size(); i++) {
            String at = path + "[" + i + "]";
            check(schema.path("items"), value.get(i), at);
            if ((set || map) && !seen.add(key(schema, value.get(i)))) {
                problems.add(at + ": Duplicate value: " + value.get(i));
            }
        }
    }

    /** What tells an element of a set or a map from the others. */
    static List<JsonNode> key(JsonNode schema, JsonNode element) {
        JsonNode keys = schema.path("x-kubernetes-list-map-keys");
        List<JsonNode> key = new ArrayList<>();
        keys.forEach(name -> key.add(element.path(name.asText())));
        return keys.isEmpty() ? List.of(element) : key;
    }

    private void size(JsonNode schema, int size, String path, String suffix, String what) {
        int max = schema.path("max" + suffix).asInt(Integer.MAX_VALUE);
        int min = schema.path("min" + suffix).asInt(0);
        if (size > max) {
            problems.add(path + ": Too many: " + size + ": must have at most " + max + " " + what);
        }
        if (size < min) {
            invalid(path, Integer.toString(size), path + " in body should have at least " + min + " " + what);
        }
    }

    private void string(JsonNode schema, String value, String path) {
        int max = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        if (value.length() > max) {
            problems.add(path + ": Too long: may not be more than " + max + " bytes");
        }
        int min = schema.path("minLength").asInt(0);
        if (value.length() < min) {
            invalid(path, "\"" + value + "\"", path + " in body should be at least " + min + " chars long");
        }
        String pattern = schema.path("pattern").asText("");
        if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(value).find()) {
            invalid(path, "\"" + value + "\"", path + " in body should match '" + pattern + "'");
        }
    }

    private void number(JsonNode schema, JsonNode value, String path) {
        JsonNode min = schema.path("minimum");
        if (min.isNumber() && value.decimalValue().compareTo(min.decimalValue()) < 0) {
            invalid(path, value.asText(), path + " in body should be greater than or equal to " + min.asText());
        }
        JsonNode max = schema.path("maximum");
        if (max.isNumber() && value.decimalValue().compareTo(max.decimalValue()) > 0) {
            invalid(path, value.asText(), path + " in body should be less than or equal to " + max.asText());
        }
    }

    private void options(JsonNode schema, JsonNode value, String path) {
        List<String> options = new ArrayList<>();
        for (JsonNode option : schema.path("enum")) {
            if (option.equals(value)) {
                return;
            }
            options.add(option.toString());
        }
        if (!options.isEmpty()) {
            problems.add(path + ": Unsupported value: " + value + ": supported values: " + String.join(", ", options));
        }
    }

    private void invalid(String path, String value, String why) {
        problems.add(path + ": Invalid value: " + value + ": " + why);
    }
}
