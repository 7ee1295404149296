package io.dynamokv.operator.api.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The committed CRD is what the classes say. */
class CrdTest {
    private static final Path COMMITTED = Path.of("..", "crds", "dynamoclusters.dynamokv.io-v1.yml");
    private static final String WRITE = "dynamokv.crds.write";

    private final YAMLMapper yaml = new YAMLMapper(new YAMLFactory()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR));

    @Test
    void theCommittedCrdIsWhatTheClassesSay() throws IOException {
        String generated = generated();
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(COMMITTED, generated);
        }
        assertEquals(
                Files.readString(COMMITTED),
                generated,
                "the classes of api.v1 and the committed CRD differ; ./dynamokv crds writes it again");
    }

    private String generated() throws IOException {
        var bytes = new ByteArrayOutputStream();
        new CRDGenerator()
                .withOutput(new ToBytes(bytes))
                .customResourceClasses(DynamoCluster.class)
                .generate();
        ObjectNode crd = (ObjectNode) yaml.readTree(bytes.toByteArray());
        complete(crd);
        // As a check that it is a CRD at all.
        Serialization.unmarshal(yaml.writeValueAsString(crd), CustomResourceDefinition.class);
        return yaml.writeValueAsString(crd);
    }

    /** What annotations cannot say. */
    private static void complete(ObjectNode crd) {
        ObjectNode schema = (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema");
        schema.findParents("x-kubernetes-validations").forEach(CrdTest::dropRepeatedRules);
        schema.putArray("required").add("spec");
        ArrayNode rules = schema.withArray("/x-kubernetes-validations");
        rules.addObject()
                .put("rule", "size(self.metadata.name) <= 40")
                .put(
                        "message",
                        "a cluster's name has at most 40 characters: its pods' names are longer and must fit Kubernetes' labels");
        asMap(schema.at("/properties/spec/properties/buckets"), "name");
        asMap(schema.at("/properties/status/properties/conditions"), "type");
        asMap(schema.at("/properties/status/properties/members"), "pod");
    }

    /** The generator sees a record's annotations twice, at the field and at its accessor. */
    private static void dropRepeatedRules(JsonNode node) {
        var rules = new LinkedHashSet<JsonNode>();
        node.get("x-kubernetes-validations").forEach(rules::add);
        ((ObjectNode) node).putArray("x-kubernetes-validations").addAll(rules);
    }

    private static void asMap(JsonNode list, String key) {
        ObjectNode node = (ObjectNode) list;
        node.put("x-kubernetes-list-type", "map");
        node.putArray("x-kubernetes-list-map-keys").add(key);
        ObjectNode items = (ObjectNode) node.get("items");
        var required = new ArrayList<String>(List.of(key));
        items.withArray("/required").forEach(name -> {
            if (!name.asText().equals(key)) {
                required.add(name.asText());
            }
        });
        ArrayNode all = items.putArray("required");
        required.forEach(all::add);
    }

    private record ToBytes(ByteArrayOutputStream bytes) implements CRDGenerator.CRDOutput<OutputStream> {
        @Override
        public OutputStream outputFor(String crdName) {
            return bytes;
        }

        @Override
        public void close() {}
    }
}
