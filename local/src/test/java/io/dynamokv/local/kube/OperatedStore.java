package io.dynamokv.local.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.dynamokv.local.Waiting;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.api.Target;
import io.dynamokv.local.kube.api.WriteOptions;
import io.dynamokv.local.kube.control.Pods;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.kubelet.KubeletSettings;
import io.dynamokv.local.kube.object.Kind;
import io.dynamokv.local.kube.object.Meta;
import io.dynamokv.local.kube.object.Selector;
import io.dynamokv.local.kube.storage.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The real operator and the API in this JVM, with one store of three real nodes, for the tests of a class; and what they look at. */
abstract class OperatedStore {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    static final WriteOptions AGENT = WriteOptions.of("test");
    static final String NAMESPACE = "default";
    static final String DEMO = "demo";
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private static Path directory;

    static LocalKubernetes kubernetes;
    static Api api;
    static OperatorProcess operator;
    static Kind clusters;
    static StoreClient store;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        kubernetes = LocalKubernetes.start(KubeletSettings.of(HOME, directory.resolve("state")), 0);
        api = kubernetes.api();
        Path kubeconfig = directory.resolve("kubeconfig");
        kubernetes.writeKubeconfig(kubeconfig);
        ObjectNode definition = (ObjectNode) new YAMLMapper()
                .readTree(HOME.resolve("crds/dynamoclusters.dynamokv.io-v1.yml").toFile());
        api.create(BuiltIn.CUSTOM_RESOURCE, "", definition, AGENT);
        clusters = api.kinds().named("dynamokv.io", "v1", "dynamoclusters");
        operator = OperatorProcess.start(kubeconfig, directory.resolve("operator.log"));
        store = new StoreClient(() -> readyAddresses(DEMO));
        create(DEMO);
        awaitReady(DEMO);
        store.put("first");
    }

    @AfterAll
    static void stop() {
        operator.close();
        kubernetes.close();
        List<String> errors = operator.logLines("ERROR");
        assertEquals(List.of(), errors);
    }

    @BeforeEach
    void isSteady() {
        awaitReady(DEMO);
    }

    static ObjectNode resource(String name, String spec) {
        try {
            return (ObjectNode) new YAMLMapper()
                    .readTree("{apiVersion: dynamokv.io/v1, kind: DynamoCluster, metadata: {name: " + name + "}, spec: "
                            + spec + "}");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static void create(String name) {
        api.create(clusters, NAMESPACE, resource(name, "{replicas: 3, storage: {size: 1Gi}}"), AGENT);
    }

    static ObjectNode cluster(String name) {
        return api.get(Target.of(clusters, NAMESPACE, name));
    }

    static void edit(Kind kind, String name, Consumer<ObjectNode> change) {
        api.patch(
                Target.of(kind, NAMESPACE, name),
                false,
                object -> {
                    ObjectNode changed = object.deepCopy();
                    change.accept(changed);
                    return changed;
                },
                AGENT);
    }

    static List<ObjectNode> pods(String cluster) {
        return api.list(BuiltIn.POD, NAMESPACE, Selector.ofLabels("app.kubernetes.io/instance=" + cluster))
                .items();
    }

    static List<String> readyAddresses(String cluster) {
        return pods(cluster).stream()
                .filter(Pods::isReady)
                .map(pod -> pod.path("status").path("podIP").asText())
                .toList();
    }

    static ObjectNode pod(String name) {
        return api.get(Target.of(BuiltIn.POD, NAMESPACE, name));
    }

    static String condition(String cluster, String type) {
        for (JsonNode condition : cluster(cluster).path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText();
            }
        }
        return "";
    }

    private static String phase(String cluster) {
        return cluster(cluster).path("status").path("phase").asText();
    }

    static void until(String what, BooleanSupplier condition) {
        try {
            Waiting.until(PATIENCE, what, condition);
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "; the resource: " + api.list(clusters) + "; the operator: "
                            + operator.logLines("INFO").reversed().stream()
                                    .limit(8)
                                    .toList()
                            + operator.logLines("WARN").reversed().stream()
                                    .limit(4)
                                    .toList()
                            + operator.logLines("ERROR").reversed().stream()
                                    .limit(4)
                                    .toList(),
                    e);
        }
    }

    /** Told by the operator for the resource as it is now, with three ready pods. */
    static void awaitReady(String name) {
        until(name + " to be Ready and Running", () -> {
            ObjectNode cluster = cluster(name);
            return condition(name, "Ready").equals("True")
                    && phase(name).equals("Running")
                    && cluster.path("status").path("observedGeneration").asLong() == Meta.generation(cluster)
                    && readyAddresses(name).size() == 3;
        });
    }

    static Runnable watchFromNow(Consumer<Change> onChange) {
        long version = api.list(BuiltIn.POD, NAMESPACE, Selector.ALL).version();
        return api.watch(Optional.of(version), onChange);
    }

    /** Pods that are ready and not about to go. */
    static int staying(String cluster) {
        return (int) pods(cluster).stream()
                .filter(pod -> Pods.isReady(pod) && !Meta.isDeleting(pod))
                .count();
    }
}
