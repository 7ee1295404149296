package io.dynamokv.local.kube.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the committed CRD lets in and what it refuses, with the words that people see. A real API server said the same to each. */
class DynamoClusterRulesTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Path CRD = Path.of("..", "crds", "dynamoclusters.dynamokv.io-v1.yml");

    /** @param more lines of the spec, beside those of a small cluster */
    private record Refused(String more, String because) {}

    private final StructuralSchema schema =
            new StructuralSchema(read(() -> YAML.readTree(CRD.toFile())).at("/spec/versions/0/schema/openAPIV3Schema"));

    @FunctionalInterface
    private interface Reading<T> {
        T get() throws IOException;
    }

    private static <T> T read(Reading<T> reading) {
        try {
            return reading.get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A cluster whose spec is the lines of a small one, each replaced by the line of the same field in {@code more}. */
    private ObjectNode cluster(String name, String more) {
        ObjectNode cluster = read(() -> (ObjectNode) YAML.readTree("""
                apiVersion: dynamokv.io/v1
                kind: DynamoCluster
                metadata: {name: %s, namespace: shop}
                spec: {replicas: 3, storage: {size: 10Gi}}
                """.formatted(name)));
        if (!more.isEmpty()) {
            ((ObjectNode) cluster.get("spec")).setAll(read(() -> (ObjectNode) YAML.readTree(more)));
        }
        schema.setDefaults(cluster);
        return cluster;
    }

    private List<String> created(String name, String more) {
        return schema.validate(cluster(name, more), Optional.empty());
    }

    private List<String> changed(String before, String after) {
        return schema.validate(cluster("demo", after), Optional.of(cluster("demo", before)));
    }

    private static void assertRefused(List<String> problems, String because) {
        assertTrue(
                problems.stream().anyMatch(problem -> problem.contains(because)),
                () -> "expected \"" + because + "\", was " + problems);
    }

    @TestFactory
    Stream<DynamicTest> letsInWhatCanRun() {
        return Stream.of(
                        "paused: false",
                        "replicas: 1\nring: {replicationFactor: 1, readQuorum: 1, writeQuorum: 1}",
                        "ring: {readQuorum: 1, writeQuorum: 1}",
                        "ring: {partitions: 4096}",
                        "storage: {size: 10737418240}",
                        "storage: {size: 1.5Gi, durability: buffered, whenDeleted: Delete}",
                        "buckets: [{name: cart}, {name: b, conflicts: latest, quorums: {read: 3}}]",
                        "ingress: {host: '*.cart.example'}")
                .map(more -> dynamicTest(more, () -> assertEquals(List.of(), created("demo", more))));
    }

    @TestFactory
    Stream<DynamicTest> refusesWhatCannotRun() {
        return Stream.of(
                        new Refused("replicas: 2", "raise replicas or lower ring.replicationFactor"),
                        new Refused("ring: {replicationFactor: 5}", "raise replicas or lower ring.replicationFactor"),
                        new Refused("ring: {partitions: 100}", "ring.partitions must be a power of two"),
                        new Refused("ring: {readQuorum: 4}", "ring.readQuorum must be at most ring.replicationFactor"),
                        new Refused(
                                "ring: {writeQuorum: 4}", "ring.writeQuorum must be at most ring.replicationFactor"),
                        new Refused("storage: {size: banana}", "storage.size must be a quantity of at least 64Mi"),
                        new Refused("storage: {size: 63Mi}", "storage.size must be a quantity of at least 64Mi"),
                        new Refused("storage: {size: '0'}", "storage.size must be a quantity of at least 64Mi"),
                        new Refused("storage: {size: -1Gi}", "storage.size must be a quantity of at least 64Mi"),
                        new Refused("storage: {}", "size"),
                        new Refused("storage: {size: 1Gi, durability: maybe}", "durability"),
                        new Refused("storage: {size: 1Gi, whenDeleted: Keep}", "whenDeleted"),
                        new Refused("buckets: [{name: Cart}]", "name"),
                        new Refused("buckets: [{name: a}, {name: a}]", "buckets"),
                        new Refused("buckets: [{name: a, conflicts: x}]", "conflicts"),
                        new Refused("buckets: [{name: a, quorums: {read: 4}}]", "buckets.quorums must be at most"),
                        new Refused("topology: {zoneKey: a b}", "zoneKey"),
                        new Refused("ingress: {host: -x}", "host"))
                .map(bad -> dynamicTest(bad.more, () -> assertRefused(created("demo", bad.more), bad.because)));
    }

    @TestFactory
    Stream<DynamicTest> refusesNamesThatItsObjectsCannotHave() {
        return Stream.of("c".repeat(41), "1a", "a.b")
                .map(name -> dynamicTest(name, () -> assertRefused(created(name, ""), "a cluster's name")));
    }

    private static final String BEFORE = """
            storage: {size: 10Gi, storageClassName: standard}
            buckets: [{name: cart}, {name: b, conflicts: latest}]
            """;

    @TestFactory
    Stream<DynamicTest> refusesToChangeWhatIsFixed() {
        String storage = "storage: {size: 10Gi, storageClassName: standard}\n";
        String buckets = "buckets: [{name: cart}, {name: b, conflicts: latest}]\n";
        return Stream.of(
                        new Refused(BEFORE + "replicas: 4", "replicas cannot change yet"),
                        new Refused(BEFORE + "ring: {partitions: 512}", "ring.partitions is fixed at creation"),
                        new Refused(BEFORE + "ring: {replicationFactor: 2}", "ring.replicationFactor is fixed"),
                        new Refused(BEFORE + "topology: {zoneKey: rack}", "topology.zoneKey is fixed at creation"),
                        new Refused(
                                buckets + "storage: {size: 9Gi, storageClassName: standard}",
                                "storage.size cannot shrink"),
                        new Refused(buckets + "storage: {size: 10Gi}", "storage.storageClassName is fixed"),
                        new Refused(storage, "buckets cannot be taken away"),
                        new Refused(storage + "buckets: [{name: cart}]", "buckets cannot be taken away"),
                        new Refused(
                                storage + "buckets: [{name: cart, conflicts: latest}, {name: b, conflicts: latest}]",
                                "buckets.conflicts is fixed once declared"))
                .map(bad -> dynamicTest(bad.more, () -> assertRefused(changed(BEFORE, bad.more), bad.because)));
    }

    @TestFactory
    Stream<DynamicTest> letsThroughWhatMayChange() {
        String buckets = "buckets: [{name: cart}, {name: b, conflicts: latest}]\n";
        return Stream.of(
                        BEFORE,
                        BEFORE + "ring: {readQuorum: 1, writeQuorum: 3}",
                        BEFORE + "paused: true",
                        buckets + "storage: {size: 10240Mi, storageClassName: standard}",
                        buckets + "storage: {size: 11Gi, storageClassName: standard, whenDeleted: Delete}",
                        "storage: {size: 10Gi, storageClassName: standard}\n"
                                + "buckets: [{name: new}, {name: b, conflicts: latest}, {name: cart}]")
                .map(after -> dynamicTest(after, () -> assertEquals(List.of(), changed(BEFORE, after))));
    }
}
