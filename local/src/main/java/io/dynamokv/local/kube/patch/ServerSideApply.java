package io.dynamokv.local.kube.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Server-side apply in its simple form: a manager's configuration is merged in, what it named before and names no more goes, and what two
 * managers apply differently is a conflict unless it is forced. Only what was applied has an owner; plain updates own nothing.
 */
public final class ServerSideApply {
    private static final List<String> IDENTITY =
            List.of("name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields");

    private final String manager;
    private final String subresource;
    private final boolean force;
    private final ListKeys keys;

    /** @param subresource empty for the object itself */
    public ServerSideApply(String manager, String subresource, boolean force, ListKeys keys) {
        this.manager = manager;
        this.subresource = subresource;
        this.force = force;
        this.keys = keys;
    }

    /** What another manager applied otherwise. */
    public static final class ConflictException extends Exception {
        private static final long serialVersionUID = 1L;

        ConflictException(String message) {
            super(message);
        }
    }

    /** @param object as it is; empty if there is none yet */
    public ObjectNode apply(ObjectNode object, ObjectNode configuration) throws ConflictException {
        ObjectNode applied = withoutIdentity(configuration);
        ObjectNode named = new FieldSet(keys).of(applied);
        List<JsonNode> others = new ArrayList<>();
        JsonNode owned = JsonNodeFactory.instance.objectNode();
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            if (isMine(entry)) {
                owned = entry.path("fieldsV1");
            } else {
                others.add(entry.path("fieldsV1"));
                requireNoConflict(object, applied, entry, named);
            }
        }
        ObjectNode kept = object.deepCopy();
        FieldSet.remove(kept, owned, named, others);
        ObjectNode result = Patches.strategicMerge(kept, applied, keys);
        keepManager(result, object, named, configuration);
        return result;
    }

    private boolean isMine(JsonNode entry) {
        return entry.path("manager").asText().equals(manager)
                && entry.path("operation").asText().equals("Apply")
                && entry.path("subresource").asText("").equals(subresource);
    }

    private void requireNoConflict(ObjectNode object, ObjectNode applied, JsonNode entry, ObjectNode named)
            throws ConflictException {
        if (force) {
            return;
        }
        List<String> conflicts = new ArrayList<>();
        conflicts(object, Patches.strategicMerge(object, applied, keys), entry.path("fieldsV1"), named, "", conflicts);
        if (!conflicts.isEmpty()) {
            throw new ConflictException("Apply failed with " + conflicts.size() + " conflict(s): conflicts with \""
                    + entry.path("manager").asText() + "\": " + String.join(", ", conflicts));
        }
    }

    /** Fields that both name, down to the last common one, whose value would change. */
    private static void conflicts(
            JsonNode before, JsonNode after, JsonNode theirs, JsonNode mine, String path, List<String> found) {
        theirs.properties().forEach(entry -> {
            String field = entry.getKey();
            if (!field.startsWith("f:") || !mine.has(field)) {
                return;
            }
            String name = field.substring(2);
            boolean leaf = entry.getValue().isEmpty() || mine.path(field).isEmpty();
            if (!leaf) {
                conflicts(
                        before.path(name),
                        after.path(name),
                        entry.getValue(),
                        mine.path(field),
                        path + "." + name,
                        found);
            } else if (!before.path(name).equals(after.path(name))) {
                found.add(path + "." + name);
            }
        });
    }

    private static ObjectNode withoutIdentity(ObjectNode configuration) {
        ObjectNode applied = configuration.deepCopy();
        applied.remove(List.of("apiVersion", "kind"));
        if (applied.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(IDENTITY);
            if (metadata.isEmpty()) {
                applied.remove("metadata");
            }
        }
        return applied;
    }

    private void keepManager(ObjectNode result, ObjectNode object, ObjectNode named, ObjectNode configuration) {
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        ObjectNode mine = JsonNodeFactory.instance.objectNode();
        mine.put("manager", manager).put("operation", "Apply");
        mine.put("apiVersion", configuration.path("apiVersion").asText()).put("fieldsType", "FieldsV1");
        mine.set("fieldsV1", named);
        if (!subresource.isEmpty()) {
            mine.put("subresource", subresource);
        }
        boolean placed = false;
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            entries.add(isMine(entry) ? mine : entry.deepCopy());
            placed |= isMine(entry);
        }
        if (!placed) {
            entries.add(mine);
        }
        result.withObjectProperty("metadata").set("managedFields", entries);
    }
}
