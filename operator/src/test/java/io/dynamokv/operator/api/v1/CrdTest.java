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
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The committed CRD is what the classes say. */
class CrdTest {
    private static final Path COMMITTED = Path.of("..", "crds", "dynamoclusters.dynamokv.io-v1.yml");
    private static final String WRITE = "dynamokv.crds.write";

    private static final List<String> COLUMNS =
            List.of("Replicas", "Ready", "Phase", "Epoch", "Image", "Imbalance", "Operation", "Age");
    private static final Pattern CHOICE = Pattern.compile("\\^\\(([A-Za-z|]+)\\)\\$");
    private static final Pattern CHOICE_SEPARATOR = Pattern.compile("\\|");

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
        schema.findParents("pattern").forEach(CrdTest::nameChoices);
        orderColumns((ArrayNode) crd.at("/spec/versions/0/additionalPrinterColumns"));
        schema.putArray("required").add("spec");
        ArrayNode rules = schema.withArray("/x-kubernetes-validations");
        rules.addObject()
                .put("rule", "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')")
                .put(
                        "message",
                        "a cluster's name must begin with a letter and have only lower-case letters, digits and '-', as its Services' names do");
        rules.addObject()
                .put("rule", "size(self.metadata.name) <= 40")
                .put(
                        "message",
                        "a cluster's name has at most 40 characters: its pods' names are longer and must fit Kubernetes' labels");
        asMap(schema.at("/properties/spec/properties/buckets"), "name");
        asMap(schema.at("/properties/status/properties/conditions"), "type");
        asMap(schema.at("/properties/status/properties/members"), "pod");
    }

    /** The generator sorts them by their paths. */
    private static void orderColumns(ArrayNode columns) {
        Map<String, JsonNode> byName = new HashMap<>();
        columns.forEach(column -> byName.put(column.get("name").asText(), column));
        assertEquals(Set.copyOf(COLUMNS), byName.keySet(), "COLUMNS has the order of the printer columns");
        columns.removeAll();
        COLUMNS.forEach(name -> columns.add(byName.get(name)));
    }

    /** A pattern of words is a choice; as such it is refused with what is allowed. */
    private static void nameChoices(JsonNode node) {
        var choice = CHOICE.matcher(node.get("pattern").asText());
        if (choice.matches()) {
            ObjectNode field = (ObjectNode) node;
            field.remove(List.of("pattern", "maxLength"));
            ArrayNode values = field.putArray("enum");
            CHOICE_SEPARATOR.splitAsStream(choice.group(1)).forEach(values::add);
        }
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
