package io.dynamokv.local.kube.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.util.List;
import java.util.Optional;

/** The patches that say what to change. None changes what it is given. */
public final class Patches {
    private Patches() {}

    /** RFC 6902. @throws IllegalArgumentException if it cannot be applied */
    public static ObjectNode json(ObjectNode object, JsonNode patch) {
        try {
            return (ObjectNode) JsonPatch.apply(patch, object.deepCopy());
        } catch (JsonPatchException | ClassCastException e) {
            throw new IllegalArgumentException("the JSON patch cannot be applied: " + e.getMessage(), e);
        }
    }

    /** RFC 7396. */
    public static ObjectNode merge(ObjectNode object, JsonNode patch) {
        return (ObjectNode) merged(object, patch, Optional.empty(), "");
    }

    /** A merge in which some lists are maps, with the directives that kubectl sends. */
    public static ObjectNode strategicMerge(ObjectNode object, JsonNode patch, ListKeys keys) {
        return (ObjectNode) merged(object, patch, Optional.of(keys), "");
    }

    private static JsonNode merged(JsonNode value, JsonNode patch, Optional<ListKeys> keys, String path) {
        if (patch instanceof ObjectNode changes) {
            return mergedObject(value, changes, keys, path);
        }
        if (patch instanceof ArrayNode elements && keys.isPresent()) {
            return mergedList(value, elements, keys.get(), path);
        }
        return patch.deepCopy();
    }

    private static ObjectNode mergedObject(JsonNode value, ObjectNode changes, Optional<ListKeys> keys, String path) {
        boolean replace = keys.isPresent() && changes.path("$patch").asText().equals("replace");
        ObjectNode result = value instanceof ObjectNode object && !replace
                ? object.deepCopy()
                : JsonNodeFactory.instance.objectNode();
        changes.properties().forEach(field -> {
            String name = field.getKey();
            if (keys.isPresent() && name.startsWith("$")) {
                directive(result, name, field.getValue());
            } else if (field.getValue().isNull()) {
                result.remove(name);
            } else {
                result.set(name, merged(result.path(name), field.getValue(), keys, path + "." + name));
            }
        });
        return result;
    }

    /** {@code $setElementOrder} says an order that nothing here depends on. */
    private static void directive(ObjectNode object, String name, JsonNode value) {
        String deleteFromList = "$deleteFromPrimitiveList/";
        if (name.startsWith(deleteFromList)
                && object.get(name.substring(deleteFromList.length())) instanceof ArrayNode list) {
            for (int i = list.size() - 1; i >= 0; i--) {
                if (contains(value, list.get(i))) {
                    list.remove(i);
                }
            }
        } else if (name.equals("$retainKeys")) {
            object.retain(value.valueStream().map(JsonNode::asText).toList());
        }
    }

    private static JsonNode mergedList(JsonNode value, ArrayNode elements, ListKeys keys, String path) {
        ArrayNode result = value instanceof ArrayNode list ? list.deepCopy() : JsonNodeFactory.instance.arrayNode();
        if (keys.isSet(path)) {
            elements.forEach(element -> {
                if (!contains(result, element)) {
                    result.add(element);
                }
            });
            return result;
        }
        if (elements.isEmpty() || keys.of(path, elements.get(0)).isEmpty()) {
            return elements.deepCopy();
        }
        for (JsonNode element : elements) {
            List<String> names = keys.of(path, element).orElse(List.of());
            mergeElement(result, element, names, keys, path);
        }
        return result;
    }

    private static void mergeElement(ArrayNode list, JsonNode element, List<String> names, ListKeys keys, String path) {
        int at = indexOf(list, names, element);
        if (element.path("$patch").asText().equals("delete")) {
            if (at >= 0) {
                list.remove(at);
            }
        } else {
            JsonNode before = at < 0 ? JsonNodeFactory.instance.objectNode() : list.get(at);
            JsonNode after = merged(before, element, Optional.of(keys), path + "[]");
            if (at < 0) {
                list.add(after);
            } else {
                list.set(at, after);
            }
        }
    }

    static int indexOf(JsonNode list, List<String> names, JsonNode element) {
        for (int i = 0; i < list.size(); i++) {
            if (names.isEmpty() ? list.get(i).equals(element) : ListKeys.same(names, list.get(i), element)) {
                return i;
            }
        }
        return -1;
    }

    static boolean contains(JsonNode list, JsonNode element) {
        return indexOf(list, List.of(), element) >= 0;
    }
}
