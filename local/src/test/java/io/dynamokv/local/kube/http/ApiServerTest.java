package io.dynamokv.local.kube.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.Waiting;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.api.WriteOptions;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.ApiException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The API as the client of an operator sees it. */
class ApiServerTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final String NAMESPACE = "default";

    private final Api api = new Api();
    private final ApiServer server = new ApiServer(VERTX, api, PodAccess.NONE, 0);
    private KubernetesClient client = new KubernetesClientBuilder().build();

    @BeforeEach
    void start() {
        ObjectNode namespace = JsonNodeFactory.instance.objectNode();
        namespace.putObject("metadata").put("name", NAMESPACE);
        api.create(BuiltIn.NAMESPACE, "", namespace, WriteOptions.of("test"));
        server.start();
        client.close();
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.port())
                .withNamespace(NAMESPACE)
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectInterval(20)
                .build();
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @AfterAll
    static void end() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private static ConfigMap map(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withData(Map.of("key", value))
                .build();
    }

    private ConfigMap create(String name, String value) {
        return client.resource(map(name, value)).create();
    }

    private static void refused(Executable call, int status) {
        refused(call, status, "");
    }

    private static void refused(Executable call, int status, String why) {
        var refusal = assertThrows(KubernetesClientException.class, call);
        assertEquals(status, refusal.getCode(), refusal.getMessage());
        assertTrue(String.valueOf(refusal.getMessage()).contains(why), refusal.getMessage());
    }

    @Test
    void anObjectIsCreatedOnceReadListedAndDeleted() {
        ConfigMap made = create("one", "a");
        assertNotEquals("", made.getMetadata().getUid());
        refused(() -> create("one", "b"), 409);
        assertEquals("a", client.configMaps().withName("one").get().getData().get("key"));
        assertEquals(1, client.configMaps().inAnyNamespace().list().getItems().size());
        client.configMaps().withName("one").delete();
        assertNull(client.configMaps().withName("one").get());
        refused(
                () -> client.configMaps()
                        .inNamespace("nowhere")
                        .resource(map("x", "y"))
                        .create(),
                404);
    }

    @Test
    void anUpdateOfAnOlderVersionIsAConflict() {
        ConfigMap made = create("one", "a");
        ConfigMap changed =
                new ConfigMapBuilder(made).withData(Map.of("key", "b")).build();
        ConfigMap updated = client.resource(changed).update();
        assertNotEquals(
                made.getMetadata().getResourceVersion(), updated.getMetadata().getResourceVersion());
        refused(() -> client.resource(changed).lockResourceVersion().update(), 409);
    }

    @Test
    void aWriteThatChangesNothingBumpsNothing() {
        ConfigMap made = create("one", "a");
        assertEquals(made, client.resource(made).update());
    }

    @Test
    void aDryRunAnswersWhatWouldBeAndKeepsNothing() {
        ConfigMap made = create("one", "a");
        ConfigMap changed =
                new ConfigMapBuilder(made).withData(Map.of("key", "b")).build();
        assertEquals("b", client.resource(changed).dryRun().update().getData().get("key"));
        assertEquals(made, client.configMaps().withName("one").get());
        client.resource(map("two", "x")).dryRun().create();
        assertNull(client.configMaps().withName("two").get());
        assertEquals(
                1, api.audit().count(entry -> entry.isWrite() && !entry.agent().equals("test")));
    }

    private static StatefulSet set(String image) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withName("demo")
                .endMetadata()
                .withNewSpec()
                .withReplicas(3)
                .withServiceName("demo-nodes")
                .withNewSelector()
                .addToMatchLabels("app", "demo")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "demo")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("node")
                .withImage(image)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    @Test
    void theGenerationCountsChangesOfTheSpecificationOnly() {
        StatefulSet made = client.resource(set("a")).create();
        assertEquals(1, made.getMetadata().getGeneration());
        assertEquals("RollingUpdate", made.getSpec().getUpdateStrategy().getType());
        StatefulSet labelled = client.apps()
                .statefulSets()
                .withName("demo")
                .edit(old -> new StatefulSetBuilder(old)
                        .editMetadata()
                        .addToLabels("x", "y")
                        .endMetadata()
                        .build());
        assertEquals(1, labelled.getMetadata().getGeneration());
        StatefulSet changed = client.resource(set("b")).update();
        assertEquals(2, changed.getMetadata().getGeneration());
        changed.getSpec().setServiceName("other");
        refused(
                () -> client.resource(changed).update(),
                422,
                "updates to statefulset spec for fields other than 'replicas'");
    }

    @Test
    void theStatusIsWrittenApartFromTheSpecification() {
        StatefulSet made = client.resource(set("a")).create();
        StatefulSet told = new StatefulSetBuilder(made)
                .editSpec()
                .withReplicas(7)
                .endSpec()
                .withNewStatus()
                .withReplicas(2)
                .endStatus()
                .build();
        StatefulSet updated = client.resource(told).updateStatus();
        assertEquals(3, updated.getSpec().getReplicas());
        assertEquals(2, updated.getStatus().getReplicas());
        assertEquals(1, updated.getMetadata().getGeneration());
        StatefulSet scaled = client.apps().statefulSets().withName("demo").scale(5);
        assertEquals(5, scaled.getSpec().getReplicas());
        assertEquals(2, scaled.getStatus().getReplicas());
    }

    @Test
    void aServiceKeepsItsAddress() {
        Service service = new ServiceBuilder()
                .withNewMetadata()
                .withName("demo")
                .endMetadata()
                .withNewSpec()
                .addNewPort()
                .withPort(8080)
                .endPort()
                .endSpec()
                .build();
        Service made = client.resource(service).create();
        assertTrue(made.getSpec().getClusterIP().startsWith("10.96."));
        assertEquals(made, client.resource(service).update());
        made.getSpec().setClusterIP("10.96.9.9");
        refused(() -> client.resource(made).update(), 422);
    }

    @Test
    void patchesOfAllKinds() {
        create("one", "a");
        var one = client.configMaps().withName("one");
        assertEquals(
                Map.of("key", "a", "more", "b"),
                one.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"more\":\"b\"}}")
                        .getData());
        assertEquals(
                Map.of("more", "b"),
                one.patch(PatchContext.of(PatchType.JSON), "[{\"op\":\"remove\",\"path\":\"/data/key\"}]")
                        .getData());
        assertEquals(
                Map.of("more", "b", "applied", "c"),
                client.resource(new ConfigMapBuilder(map("one", "x"))
                                .withData(Map.of("applied", "c"))
                                .build())
                        .fieldManager("tester")
                        .serverSideApply()
                        .getData());
        assertEquals(
                Map.of("more", "b"),
                client.resource(new ConfigMapBuilder(map("one", "x"))
                                .withData(Map.of())
                                .build())
                        .fieldManager("tester")
                        .serverSideApply()
                        .getData());
    }

    @Test
    void anObjectWithAFinalizerWaitsForIt() {
        client.resource(new ConfigMapBuilder(map("one", "a"))
                        .editMetadata()
                        .withFinalizers("dynamokv.io/test")
                        .endMetadata()
                        .build())
                .create();
        client.configMaps().withName("one").delete();
        ConfigMap waiting =
                Objects.requireNonNull(client.configMaps().withName("one").get());
        assertNotEquals("", waiting.getMetadata().getDeletionTimestamp());
        waiting.getMetadata().setFinalizers(List.of());
        client.resource(waiting).update();
        assertNull(client.configMaps().withName("one").get());
    }

    private static final class Seen implements Watcher<ConfigMap> {
        private final List<String> events = new CopyOnWriteArrayList<>();
        private final List<WatcherException> ends = new CopyOnWriteArrayList<>();

        @Override
        public void eventReceived(Action action, ConfigMap resource) {
            events.add(action + " " + resource.getMetadata().getName());
        }

        @Override
        public void onClose(WatcherException cause) {
            ends.add(cause);
        }
    }

    @Test
    void aWatchTellsChangesAndGoesOnAfterItWasCutAndAfterARestart() {
        var seen = new Seen();
        Watch watch = client.configMaps().watch(seen);
        try (watch) {
            create("one", "a");
            client.configMaps()
                    .withName("one")
                    .edit(old -> new ConfigMapBuilder(old).addToData("key", "b").build());
            Waiting.until("two events", () -> seen.events.equals(List.of("ADDED one", "MODIFIED one")));
            server.cutWatches();
            create("two", "a");
            Waiting.until("the event after the cut", () -> seen.events.contains("ADDED two"));
            server.stop();
            assertThrows(KubernetesClientException.class, () -> create("three", "a"));
            server.start();
            create("three", "a");
            Waiting.until("the event after the restart", () -> seen.events.contains("ADDED three"));
            assertEquals(4, seen.events.size(), seen.events.toString());
            assertEquals(List.of(), seen.ends);
        }
    }

    /** While it was away an outgoing connection, of whatever process, had taken its port. */
    @Test
    void itsPortIsNoneThatTheSystemGivesToOutgoingConnections() throws IOException {
        String first = Files.readAllLines(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))
                .getFirst()
                .split("\\s+", -1)[0];

        assertTrue(server.port() < Integer.parseInt(first), () -> server.port() + " is not below " + first);
    }

    @Test
    void anInformerStartsAnewWhenItsVersionIsGone() {
        try (var informer = client.configMaps().inform()) {
            create("one", "a");
            Waiting.until("the object", () -> informer.getStore().list().size() == 1);
            server.stop();
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.putObject("metadata").put("name", "two");
            api.create(BuiltIn.CONFIG_MAP, NAMESPACE, object, WriteOptions.of("test"));
            api.forgetHistory();
            server.start();
            Waiting.until("both objects", () -> informer.getStore().list().size() == 2);
        }
    }

    @Test
    void aWatchOfAForgottenVersionIsExpired() {
        String version = create("one", "a").getMetadata().getResourceVersion();
        create("two", "a");
        api.forgetHistory();
        var expired = assertThrows(ApiException.class, () -> api.watch(Optional.of(Long.parseLong(version)), _ -> {}));
        assertEquals(410, expired.status());
    }

    @Test
    void orderedFailuresAreMet() {
        server.faults()
                .failNext(
                        1,
                        (verb, target) -> verb.equals("create"),
                        ApiException.modified(BuiltIn.CONFIG_MAP.key(NAMESPACE, "one")));
        refused(() -> create("one", "a"), 409);
        create("one", "a");
    }

    private static final String CRD = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: things.example.io}
            spec:
              group: example.io
              scope: Namespaced
              names: {plural: things, singular: thing, kind: Thing, shortNames: [th]}
              versions:
                - name: v1
                  served: true
                  storage: true
                  subresources:
                    status: {}
                    scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}
                  schema:
                    openAPIV3Schema:
                      type: object
                      properties:
                        spec:
                          type: object
                          properties:
                            size: {type: integer, default: 3, maximum: 9}
                          x-kubernetes-validations:
                            - {rule: "self.size >= oldSelf.size", message: size cannot shrink}
                        status:
                          type: object
                          properties:
                            size: {type: integer}
            """;

    private static final ResourceDefinitionContext THINGS = new ResourceDefinitionContext.Builder()
            .withGroup("example.io")
            .withVersion("v1")
            .withKind("Thing")
            .withPlural("things")
            .withNamespaced(true)
            .build();

    private GenericKubernetesResource thing(String spec) {
        String yaml = "apiVersion: example.io/v1\nkind: Thing\nmetadata: {name: one}\nspec: " + spec;
        return client.genericKubernetesResources(THINGS)
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .item();
    }

    @Test
    void aCustomKindHasDefaultsBoundsAndRules() {
        client.load(new ByteArrayInputStream(CRD.getBytes(StandardCharsets.UTF_8)))
                .create();
        var things = client.genericKubernetesResources(THINGS);
        GenericKubernetesResource made = things.resource(thing("{unknown: 1}")).create();
        assertEquals(Map.of("size", 3), made.getAdditionalProperties().get("spec"));
        refused(
                () -> things.resource(thing("{size: 10}")).update(),
                422,
                "spec.size in body should be less than or equal to 9");
        refused(() -> things.resource(thing("{size: 2}")).update(), 422, "size cannot shrink");
        GenericKubernetesResource grown = things.resource(thing("{size: 5}")).update();
        assertEquals(2, grown.getMetadata().getGeneration());
        things.resource(thing("{size: 5}")).delete();
    }
}
