package io.dynamokv.local.kube.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.object.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Objects as rows, which is how kubectl shows them. */
final class Tables {
    private Tables() {}

    /** @param wholeObjects whether rows carry their object, not only its metadata */
    static ObjectNode of(List<Column> columns, List<ObjectNode> objects, String version, boolean wholeObjects) {
        ObjectNode table = JsonNodeFactory.instance.objectNode();
        table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata").put("resourceVersion", version);
        ArrayNode definitions = table.putArray("columnDefinitions");
        for (Column column : columns) {
            definitions
                    .addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.name().equals("Name") ? "name" : "")
                    .put("description", "")
                    .put("priority", column.priority());
        }
        ArrayNode rows = table.putArray("rows");
        objects.forEach(object -> row(rows.addObject(), columns, object, wholeObjects));
        return table;
    }

    private static void row(ObjectNode row, List<Column> columns, ObjectNode object, boolean wholeObject) {
        ArrayNode cells = row.putArray("cells");
        for (Column column : columns) {
            JsonNode value = column.value(object);
            if (value.isMissingNode()) {
                cells.addNull();
            } else if (column.type().equals("date")) {
                cells.add(age(value.asText()));
            } else {
                cells.add(value);
            }
        }
        if (wholeObject) {
            row.set("object", object);
        } else {
            ObjectNode partial = row.putObject("object");
            partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
            partial.set("metadata", Meta.of(object));
        }
    }

    private static String age(String since) {
        Duration age = Duration.between(Instant.parse(since), Instant.now());
        if (age.toMinutes() < 2) {
            return age.toSeconds() + "s";
        }
        if (age.toHours() < 2) {
            return age.toMinutes() + "m";
        }
        return age.toDays() < 2 ? age.toHours() + "h" : age.toDays() + "d";
    }
}
