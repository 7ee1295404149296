package io.dynamokv.local.kube.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StructuralSchemaTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    private final StructuralSchema schema = new StructuralSchema(yaml("""
            type: object
            properties:
              spec:
                type: object
                required: [size]
                x-kubernetes-validations:
                  - rule: "self.quorum <= self.replicas"
                    messageExpression: "'quorum ' + string(self.quorum) + ' is more than the replicas'"
                  - rule: "self.replicas == oldSelf.replicas"
                    message: replicas cannot change
                properties:
                  replicas: {type: integer, minimum: 1, default: 3}
                  quorum: {type: integer, default: 2}
                  mode: {type: string, enum: [a, b]}
                  name: {type: string, pattern: "^[a-z]+$"}
                  size:
                    type: string
                    x-kubernetes-validations:
                      - rule: "quantity(self).compareTo(quantity(oldSelf)) >= 0"
                        message: a volume cannot shrink
                  buckets:
                    type: array
                    maxItems: 2
                    x-kubernetes-list-type: map
                    x-kubernetes-list-map-keys: [name]
                    items:
                      type: object
                      properties:
                        name: {type: string}
                        kind:
                          type: string
                          x-kubernetes-validations:
                            - {rule: "self == oldSelf", message: a bucket keeps its kind}
                  labels: {type: object, additionalProperties: {type: string}}
            """));

    private static ObjectNode yaml(String text) {
        try {
            return (ObjectNode) YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> problems(String text) {
        ObjectNode object = yaml(text);
        schema.setDefaults(object);
        return schema.validate(object, Optional.empty());
    }

    private List<String> problems(String before, String after) {
        ObjectNode old = yaml(before);
        schema.setDefaults(old);
        ObjectNode object = yaml(after);
        schema.setDefaults(object);
        return schema.validate(object, Optional.of(old));
    }

    @Test
    void removesAndNamesWhatTheSchemaDoesNotKnow() {
        ObjectNode object = yaml(
                "{metadata: {x: 1}, spec: {size: 1Gi, sise: 2Gi, labels: {any: thing}, buckets: [{nam: n}]}, x: 1}");

        assertEquals(List.of("spec.sise", "spec.buckets[0].nam", "x"), schema.prune(object));
        assertEquals(yaml("{metadata: {x: 1}, spec: {size: 1Gi, labels: {any: thing}, buckets: [{}]}}"), object);
    }

    @Test
    void setsDefaultsWhereNothingIsSaid() {
        ObjectNode object = yaml("{spec: {size: 1Gi, quorum: 1, replicas: null}}");
        schema.setDefaults(object);
        assertEquals(yaml("{spec: {size: 1Gi, quorum: 1, replicas: 3}}"), object);
    }

    @Test
    void namesTheFieldAndTheLimit() {
        assertEquals(List.of("spec.size: Required value"), problems("{spec: {}}"));
        assertEquals(
                List.of("spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or equal to 1"),
                problems("{spec: {size: 1Gi, replicas: 0}}"));
        assertEquals(
                List.of("spec.mode: Unsupported value: \"c\": supported values: \"a\", \"b\""),
                problems("{spec: {size: 1Gi, mode: c}}"));
        assertEquals(
                List.of("spec.name: Invalid value: \"N1\": spec.name in body should match '^[a-z]+$'"),
                problems("{spec: {size: 1Gi, name: N1}}"));
        assertEquals(
                List.of(
                        "spec.replicas: Invalid value: \"string\": spec.replicas in body must be of type integer: \"string\""),
                problems("{spec: {size: 1Gi, replicas: three}}"));
        assertEquals(
                List.of("spec.buckets: Too many: 3: must have at most 2 items"),
                problems("{spec: {size: 1Gi, buckets: [{name: a}, {name: b}, {name: c}]}}"));
        assertEquals(
                List.of("spec.buckets[1]: Duplicate value: {\"name\":\"a\",\"kind\":\"y\"}"),
                problems("{spec: {size: 1Gi, buckets: [{name: a, kind: x}, {name: a, kind: y}]}}"));
    }

    @Test
    void rulesSeeTheDefaultsAndSayWhatIsWrong() {
        assertEquals(List.of(), problems("{spec: {size: 1Gi}}"));
        assertEquals(
                List.of("spec: Invalid value: \"object\": quorum 4 is more than the replicas"),
                problems("{spec: {size: 1Gi, quorum: 4}}"));
    }

    @Test
    void transitionRulesHoldBetweenTwoVersions() {
        assertEquals(
                List.of("spec: Invalid value: \"object\": replicas cannot change"),
                problems("{spec: {size: 1Gi}}", "{spec: {size: 1Gi, replicas: 5}}"));
        assertEquals(
                List.of("spec.size: Invalid value: \"string\": a volume cannot shrink"),
                problems("{spec: {size: 1Gi}}", "{spec: {size: 1023Mi}}"));
        assertEquals(List.of(), problems("{spec: {size: 1Gi}}", "{spec: {size: 1.5Gi}}"));
    }

    @Test
    void anElementOfAListIsComparedWithTheOneOfItsKey() {
        String before = "{spec: {size: 1Gi, buckets: [{name: a, kind: x}, {name: b, kind: y}]}}";
        assertEquals(
                List.of(), problems(before, "{spec: {size: 1Gi, buckets: [{name: b, kind: y}, {name: c, kind: z}]}}"));
        assertEquals(
                List.of("spec.buckets[0].kind: Invalid value: \"string\": a bucket keeps its kind"),
                problems(before, "{spec: {size: 1Gi, buckets: [{name: b, kind: x}]}}"));
    }

    @Test
    void aRuleThatDoesNotCompileIsRefused() {
        var wrong = yaml("{type: object, x-kubernetes-validations: [{rule: 'self.a +'}]}");
        var refused = assertThrows(IllegalArgumentException.class, () -> new StructuralSchema(wrong));
        assertTrue(String.valueOf(refused.getMessage()).contains("self.a +"), refused.getMessage());
    }
}
