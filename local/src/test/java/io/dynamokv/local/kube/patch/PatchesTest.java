package io.dynamokv.local.kube.patch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.api.Test;

class PatchesTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    private static ObjectNode yaml(String text) {
        return (ObjectNode) tree(text);
    }

    private static JsonNode tree(String text) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertSameBut(String resourceFields, ObjectNode object) {
        ObjectNode shown = object.deepCopy();
        if (shown.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
            if (metadata.isEmpty()) {
                shown.remove("metadata");
            }
        }
        assertEquals(yaml(resourceFields), shown);
    }

    @Test
    void aMergeReplacesListsAndRemovesWithNull() {
        ObjectNode object = yaml("{a: 1, b: {c: 2, d: 3}, l: [1, 2]}");
        assertEquals(yaml("{b: {c: 4, d: 3}, l: [3]}"), Patches.merge(object, tree("{a: null, b: {c: 4}, l: [3]}")));
    }

    @Test
    void aStrategicMergeFindsElementsByTheirKeys() {
        ObjectNode object = yaml("{containers: [{name: a, image: x}, {name: b, image: y}], finalizers: [f]}");
        JsonNode patch = tree("""
                containers: [{name: b, image: z}, {name: a, $patch: delete}, {name: c}]
                finalizers: [f, g]
                """);
        assertEquals(
                yaml("{containers: [{name: b, image: z}, {name: c}], finalizers: [f, g]}"),
                Patches.strategicMerge(object, patch, ListKeys.BUILT_IN_KINDS));
    }

    @Test
    void aJsonPatchWhoseTestFailsIsRefused() {
        ObjectNode object = yaml("{a: 1}");
        assertEquals(yaml("{a: 2}"), Patches.json(object, tree("[{op: replace, path: /a, value: 2}]")));
        assertThrows(
                IllegalArgumentException.class, () -> Patches.json(object, tree("[{op: test, path: /a, value: 2}]")));
    }

    private static ObjectNode apply(String manager, boolean force, ObjectNode object, String configuration) {
        try {
            return new ServerSideApply(manager, "", force, ListKeys.BUILT_IN_KINDS).apply(object, yaml(configuration));
        } catch (ServerSideApply.ConflictException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatAManagerNamesNoMoreGoesUnlessAnotherNamesIt() {
        ObjectNode object = apply("one", false, yaml("{}"), "{data: {a: '1', b: '2', c: '3'}}");
        object = apply("two", false, object, "{data: {b: '2', d: '4'}}");
        object = apply("one", false, object, "{data: {a: '1'}}");
        assertSameBut("{data: {a: '1', b: '2', d: '4'}}", object);
    }

    @Test
    void elementsOfKeyedListsAreOwnedOneByOne() {
        ObjectNode object = apply("one", false, yaml("{}"), "{spec: {containers: [{name: a, image: x}, {name: b}]}}");
        object = apply("two", false, object, "{spec: {containers: [{name: c}]}}");
        object = apply("one", false, object, "{spec: {containers: [{name: a}]}}");
        assertSameBut("{spec: {containers: [{name: a}, {name: c}]}}", object);
    }

    @Test
    void twoManagersWhoDifferAreAConflictUnlessItIsForced() {
        ObjectNode object = apply("one", false, yaml("{}"), "{data: {a: '1'}}");
        var refused = assertThrows(IllegalStateException.class, () -> apply("two", false, object, "{data: {a: '2'}}"));
        assertTrue(
                String.valueOf(refused.getMessage()).contains("conflicts with \"one\": .data.a"), refused.getMessage());
        assertSameBut("{data: {a: '2'}}", apply("two", true, object, "{data: {a: '2'}}"));
    }

    @Test
    void applyingTheSameAgainChangesNothing() {
        ObjectNode object = apply("one", false, yaml("{}"), "{data: {a: '1'}}");
        assertEquals(object, apply("one", false, object, "{data: {a: '1'}}"));
    }
}
