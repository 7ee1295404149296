package io.dynamokv.local.kube.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.values.NullValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** JSON as CEL sees it. */
final class CelValue {
    /** Fields with these names are written {@code __name__} in rules. */
    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");

    private CelValue() {}

    /** @param schema decides whether a number is an integer */
    static Object of(JsonNode value, JsonNode schema) {
        return switch (value.getNodeType()) {
            case OBJECT -> map(value, schema);
            case ARRAY -> list(value, schema);
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> {
                boolean whole = value.isIntegralNumber()
                        && !schema.path("type").asText().equals("number");
                if (whole) {
                    yield value.longValue();
                }
                yield value.doubleValue();
            }
            case STRING -> value.textValue();
            case NULL, MISSING, BINARY, POJO -> NullValue.NULL_VALUE;
        };
    }

    private static Map<String, Object> map(JsonNode value, JsonNode schema) {
        Map<String, Object> map = new LinkedHashMap<>();
        value.properties().forEach(field -> {
            JsonNode property = schema.path("properties").path(field.getKey());
            boolean named = !property.isMissingNode();
            JsonNode below = named ? property : schema.path("additionalProperties");
            String name = named && RESERVED.contains(field.getKey()) ? "__" + field.getKey() + "__" : field.getKey();
            map.put(name, of(field.getValue(), below));
        });
        return map;
    }

    private static List<Object> list(JsonNode value, JsonNode schema) {
        List<Object> list = new ArrayList<>();
        value.forEach(element -> list.add(of(element, schema.path("items"))));
        return list;
    }
}
