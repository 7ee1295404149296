package io.dynamokv.local.kube.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelectorTest {
    private final ObjectNode object = object();

    private static ObjectNode object() {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = object.putObject("metadata").put("name", "demo-0");
        metadata.putObject("labels").put("app", "dynamokv").put("zone", "a");
        object.putObject("status").put("phase", "Running");
        return object;
    }

    @Test
    void choosesByLabels() {
        Map.ofEntries(
                        Map.entry("", true),
                        Map.entry("app=dynamokv", true),
                        Map.entry("app==dynamokv,zone!=b", true),
                        Map.entry("app=other", false),
                        Map.entry("zone in (a, b),app", true),
                        Map.entry("zone notin (a,b)", false),
                        Map.entry("!zone", false),
                        Map.entry("!absent", true),
                        Map.entry("absent", false),
                        Map.entry("absent!=x", true))
                .forEach((selector, chosen) ->
                        assertEquals(chosen, Selector.ofLabels(selector).matches(object), selector));
    }

    @Test
    void choosesByFields() {
        assertEquals(
                true,
                Selector.ofFields("metadata.name=demo-0,status.phase!=Pending").matches(object));
        assertEquals(false, Selector.ofFields("metadata.name=demo-1").matches(object));
        assertThrows(ApiException.class, () -> Selector.ofFields("metadata.name"));
    }
}
