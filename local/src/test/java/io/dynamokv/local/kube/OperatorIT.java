package io.dynamokv.local.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.api.Audit;
import io.dynamokv.local.kube.api.Deletion;
import io.dynamokv.local.kube.api.Target;
import io.dynamokv.local.kube.control.Pods;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.ApiException;
import io.dynamokv.local.kube.object.Kind;
import io.dynamokv.local.kube.object.Meta;
import io.dynamokv.local.kube.storage.Change;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The real operator against the API in this JVM, with real nodes (ADR 006; LESSONS of others are named where a test stands for one). */
class OperatorIT extends OperatedStore {
    private static final int STEADY_PASSES = 3;

    private static void awaitSteadyPasses() {
        long from = operator.steadyPasses();
        until("steady passes", () -> operator.steadyPasses() >= from + STEADY_PASSES);
    }

    @Test
    void aClusterServesFromAllItsNodesOverThreeZones() throws InterruptedException {
        for (String address : readyAddresses(DEMO)) {
            assertEquals("first", store.get(address, "first"));
        }
        Set<String> zones = new HashSet<>();
        cluster(DEMO)
                .path("status")
                .path("members")
                .forEach(member -> zones.add(member.path("zone").asText()));
        assertEquals(Set.of("zone-a", "zone-b", "zone-c"), zones);
    }

    /** LESSONS 24. */
    @Test
    void inTheSteadyStateNothingIsWritten() {
        awaitSteadyPasses();
        Predicate<Audit.Entry> byTheOperator =
                entry -> entry.isWrite() && entry.agent().contains("fabric8");
        long before = api.audit().count(byTheOperator);
        long dryRuns = api.audit().count(Audit.Entry::dryRun);
        assertNotEquals(0, before);
        awaitSteadyPasses();
        assertEquals(
                before, api.audit().count(byTheOperator), api.audit().writes().toString());
        assertEquals(dryRuns, api.audit().count(Audit.Entry::dryRun));
    }

    @Test
    void aKilledNodeIsStartedAgainAndADeletedPodComesBackWithItsData() throws InterruptedException {
        store.put("kept");
        long pid = kubernetes.kubelet().pid(NAMESPACE, "demo-0").orElseThrow();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        until(
                "a restart",
                () -> pod("demo-0")
                                .at("/status/containerStatuses/0/restartCount")
                                .asInt()
                        > 0);
        awaitReady(DEMO);
        String uid = Meta.uid(pod("demo-1"));
        String address = pod("demo-1").path("status").path("podIP").asText();
        api.delete(Target.of(BuiltIn.POD, NAMESPACE, "demo-1"), Deletion.PLAIN, AGENT);
        until(
                "another pod",
                () -> api.find(BuiltIn.POD, NAMESPACE, "demo-1")
                        .filter(pod -> !Meta.uid(pod).equals(uid) && Pods.isReady(pod))
                        .isPresent());
        awaitReady(DEMO);
        String moved = pod("demo-1").path("status").path("podIP").asText();
        assertNotEquals(address, moved);
        until("the value at " + moved, () -> value(moved, "kept").equals("kept"));
    }

    private static String value(String address, String key) {
        try {
            return store.get(address, key);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Also when its watches are cut, and others come between its first writes. */
    @Test
    void aDirectEditOfTheStatefulSetIsUndone() {
        kubernetes.server().cutWatches();
        kubernetes
                .server()
                .faults()
                .failNext(
                        2,
                        (verb, target) -> verb.equals("update") && target.kind().equals(BuiltIn.STATEFUL_SET),
                        ApiException.modified(BuiltIn.STATEFUL_SET.key(NAMESPACE, DEMO)));
        edit(BuiltIn.STATEFUL_SET, DEMO, set -> {
            ObjectNode spec = set.withObjectProperty("spec");
            spec.withObjectProperty("updateStrategy").put("type", "RollingUpdate");
            ((ObjectNode) spec.at("/template/spec")).put("terminationGracePeriodSeconds", 1);
        });
        until("the edit to be undone", () -> {
            ObjectNode set = api.get(Target.of(BuiltIn.STATEFUL_SET, NAMESPACE, DEMO));
            return set.at("/spec/updateStrategy/type").asText().equals("OnDelete")
                    && set.at("/spec/template/spec/terminationGracePeriodSeconds")
                                    .asInt()
                            == 30;
        });
        awaitReady(DEMO);
    }

    private static void annotate(String value) {
        edit(
                clusters,
                DEMO,
                cluster -> cluster.withObjectProperty("spec")
                        .withObjectProperty("podTemplate")
                        .withObjectProperty("annotations")
                        .put("test", value));
    }

    private static boolean allAnnotated(String value) {
        return pods(DEMO).stream().allMatch(pod -> Meta.annotation(pod, "test").equals(value) && Pods.isReady(pod));
    }

    /** LESSONS 18: never two at once. */
    @Test
    void aChangeRollsOnePodAtATimeWhileTheStoreServes() throws InterruptedException {
        var fewest = new AtomicInteger(3);
        Runnable unwatch = watchFromNow(change -> {
            if (change.key().resource().equals("pods")) {
                fewest.accumulateAndGet(staying(DEMO), Math::min);
            }
        });
        try {
            store.during("rolled", () -> {
                annotate("rolled");
                until("all pods to be new", () -> pods(DEMO).size() == 3 && allAnnotated("rolled"));
                awaitReady(DEMO);
            });
        } finally {
            unwatch.run();
        }
        assertEquals(2, fewest.get(), "pods ready at the worst moment");
        assertEquals(List.of(), store.failures());
        assertTrue(store.acknowledged() > 10, store.acknowledged() + " writes");
        assertEquals(List.of(), store.lost());
    }

    /** LESSONS 19. */
    @Test
    void aBrokenImageStopsAtOnePodAndIsUnblockedWhenItIsMended() {
        Set<String> uids = uids();
        String image = pod("demo-0").at("/spec/containers/0/image").asText();
        edit(clusters, DEMO, cluster -> cluster.withObjectProperty("spec").put("image", "dynamokv-node:missing"));
        until(
                "a pod without an image that the status tells of",
                () -> pods(DEMO).stream()
                                .anyMatch(pod -> pod.at("/status/containerStatuses/0/state/waiting/reason")
                                        .asText()
                                        .equals("ImagePullBackOff"))
                        && isSeen());
        edit(clusters, DEMO, cluster -> cluster.withObjectProperty("spec").put("image", image));
        until(
                "all pods to be mended",
                () -> staying(DEMO) == 3
                        && pods(DEMO).stream()
                                .allMatch(pod -> pod.at("/spec/containers/0/image")
                                        .asText()
                                        .equals(image)));
        Set<String> untouched = uids();
        untouched.retainAll(uids);
        assertEquals(2, untouched.size(), "pods that stayed");
    }

    private static Set<String> uids() {
        Set<String> uids = new HashSet<>();
        pods(DEMO).forEach(pod -> uids.add(Meta.uid(pod)));
        return uids;
    }

    /** The operator has acted on the resource as it is now. */
    private static boolean isSeen() {
        ObjectNode cluster = cluster(DEMO);
        return cluster.path("status").path("observedGeneration").asLong() == Meta.generation(cluster);
    }

    @Test
    void whilePausedNothingIsChanged() {
        edit(clusters, DEMO, cluster -> cluster.withObjectProperty("spec").put("paused", true));
        until("the pause", () -> condition(DEMO, "Paused").equals("True"));
        edit(
                clusters,
                DEMO,
                cluster -> cluster.withObjectProperty("spec")
                        .putObject("networkPolicy")
                        .put("enabled", false));
        until("the change to be seen", OperatorIT::isSeen);
        assertTrue(networkPolicy().isPresent());
        edit(clusters, DEMO, cluster -> cluster.withObjectProperty("spec").put("paused", false));
        until("the change after the pause", () -> networkPolicy().isEmpty());
        edit(
                clusters,
                DEMO,
                cluster -> cluster.withObjectProperty("spec")
                        .putObject("networkPolicy")
                        .put("enabled", true));
        until("the policy to be back", () -> networkPolicy().isPresent());
    }

    private static Optional<ObjectNode> networkPolicy() {
        return api.find(api.kinds().named("networking.k8s.io", "v1", "networkpolicies"), NAMESPACE, DEMO);
    }

    @Test
    void aResourceDeletedAndMadeAgainFindsItsDataAndItsMap() throws InterruptedException {
        store.put("survivor");
        String map = mapOf(DEMO);
        api.delete(Target.of(clusters, NAMESPACE, DEMO), Deletion.PLAIN, AGENT);
        until("the pods to end", () -> pods(DEMO).isEmpty());
        assertEquals(3, api.list(BuiltIn.CLAIM).size());
        create(DEMO);
        awaitReady(DEMO);
        assertEquals(map, mapOf(DEMO));
        assertEquals("survivor", store.get(readyAddresses(DEMO).getFirst(), "survivor"));
    }

    private static String mapOf(String cluster) {
        return api.get(Target.of(BuiltIn.CONFIG_MAP, NAMESPACE, cluster + "-map"))
                .at("/data/map.json")
                .asText();
    }

    /** LESSONS 29. The operator dies in the moment in which the API server has taken the write; once for each of the moments. */
    private static void killAt(Map<String, Predicate<Change>> moments, Runnable untilDone) {
        Set<String> left = new HashSet<>(moments.keySet());
        Runnable unwatch = watchFromNow(change -> moments.forEach((name, moment) -> {
            if (operator.isAlive() && left.contains(name) && moment.test(change)) {
                left.remove(name);
                operator.kill();
            }
        }));
        try {
            untilDone.run();
        } finally {
            unwatch.run();
        }
        assertEquals(Set.of(), left, "moments that did not come");
    }

    private static void untilWithRestarts(String what, BooleanSupplier condition) {
        until(what, () -> {
            if (!operator.isAlive()) {
                operator.restart();
            }
            return condition.getAsBoolean();
        });
    }

    private static boolean isNew(Change change, Kind kind, String name) {
        return change.before().isEmpty() && change.key().equals(kind.key(NAMESPACE, name));
    }

    @Test
    void anOperatorThatIsKilledInTheMiddleOfARolloutGoesOn() throws InterruptedException {
        Map<String, Predicate<Change>> moments = Map.of(
                "the set is changed",
                change -> change.key().equals(BuiltIn.STATEFUL_SET.key(NAMESPACE, DEMO))
                        && Meta.generation(change.object())
                                > change.before().map(Meta::generation).orElse(0L),
                "a pod is deleted",
                change -> change.key().resource().equals("pods") && Meta.isDeleting(change.object()),
                "the status is told",
                change -> change.key().equals(clusters.key(NAMESPACE, DEMO))
                        && change.object().at("/status/phase").asText().equals("Updating"));
        store.during(
                "killed",
                () -> killAt(moments, () -> {
                    annotate("killed");
                    untilWithRestarts("all pods to be new", () -> pods(DEMO).size() == 3 && allAnnotated("killed"));
                    awaitReady(DEMO);
                }));
        assertEquals(List.of(), store.failures());
        assertEquals(List.of(), store.lost());
    }

    /** Rule M4: one first map, whenever the operator dies. With {@code whenDeleted: Delete} nothing of it stays in the end. */
    @Test
    void anOperatorThatIsKilledWhileItMakesAClusterMakesOneMap() {
        String name = "small";
        List<String> maps = new CopyOnWriteArrayList<>();
        Map<String, Predicate<Change>> moments = Map.of(
                "the secret is made", change -> isNew(change, BuiltIn.SECRET, name + "-secret"),
                "the set is made", change -> isNew(change, BuiltIn.STATEFUL_SET, name),
                "the map is stored", change -> isNew(change, BuiltIn.CONFIG_MAP, name + "-map"));
        Runnable unwatch = watchFromNow(change -> {
            if (change.key().equals(BuiltIn.CONFIG_MAP.key(NAMESPACE, name + "-map")) && !change.removed()) {
                maps.add(change.object().at("/data/map.json").asText());
            }
        });
        try {
            killAt(moments, () -> {
                api.create(
                        clusters,
                        NAMESPACE,
                        resource(
                                name,
                                "{replicas: 1, ring: {replicationFactor: 1, readQuorum: 1, writeQuorum: 1},"
                                        + " storage: {size: 1Gi, whenDeleted: Delete}}"),
                        AGENT);
                untilWithRestarts(
                        name + " to be Ready", () -> condition(name, "Ready").equals("True"));
            });
        } finally {
            unwatch.run();
        }
        assertEquals(1, new HashSet<>(maps).size(), maps.toString());
        api.delete(Target.of(clusters, NAMESPACE, name), Deletion.PLAIN, AGENT);
        until(
                "nothing of it to be left",
                () -> api.everything().stream()
                        .noneMatch(object ->
                                Meta.label(object, "app.kubernetes.io/instance").equals(name)));
    }

    /** The store serves on; what the operator missed it does afterwards. */
    @Test
    void whileTheApiServerIsAwayTheStoreServes() throws InterruptedException {
        kubernetes.server().stop();
        try {
            store.put("without-the-server");
            edit(
                    BuiltIn.STATEFUL_SET,
                    DEMO,
                    set -> set.withObjectProperty("spec")
                            .withObjectProperty("updateStrategy")
                            .put("type", "RollingUpdate"));
        } finally {
            kubernetes.server().start();
        }
        assertEquals(List.of(), store.failures());
        until(
                "the edit of meanwhile to be undone",
                () -> api.get(Target.of(BuiltIn.STATEFUL_SET, NAMESPACE, DEMO))
                        .at("/spec/updateStrategy/type")
                        .asText()
                        .equals("OnDelete"));
    }

    @Test
    void badSpecificationsAreRefusedWithWhatToDo() {
        Map.of(
                        "{replicas: 3}", "spec.storage",
                        "{replicas: 2, storage: {size: 1Gi}}", "raise replicas or lower ring.replicationFactor",
                        "{replicas: 3, storage: {size: 1Gi}, ring: {partitions: 100}}", "must be a power of two",
                        "{replicas: 3, storage: {size: 1Gi}, ring: {readQuorum: 4}}", "ring.readQuorum must be at most")
                .forEach((spec, message) -> {
                    var refused = assertThrows(
                            ApiException.class, () -> api.create(clusters, NAMESPACE, resource("bad", spec), AGENT));
                    assertEquals(422, refused.status());
                    assertTrue(String.valueOf(refused.getMessage()).contains(message), refused.getMessage());
                });
        List<String> changes = new ArrayList<>();
        for (Consumer<ObjectNode> change : List.<Consumer<ObjectNode>>of(
                spec -> spec.put("replicas", 5),
                spec -> spec.withObjectProperty("storage").put("size", "512Mi"),
                spec -> spec.withObjectProperty("ring").put("partitions", 128))) {
            var refused = assertThrows(
                    ApiException.class,
                    () -> edit(clusters, DEMO, cluster -> change.accept(cluster.withObjectProperty("spec"))));
            changes.add(String.valueOf(refused.getMessage()));
        }
        assertTrue(changes.get(0).contains("replicas cannot change yet"), changes.get(0));
        assertTrue(changes.get(1).contains("storage.size cannot shrink"), changes.get(1));
        assertTrue(changes.get(2).contains("ring.partitions is fixed at creation"), changes.get(2));
        assertFalse(api.find(clusters, NAMESPACE, "bad").isPresent());
    }
}
