package io.dynamokv.operator.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the objects of a cluster promise (ADR 006, LESSONS of other operators by number where one stands behind a promise). */
class DesiredObjectsTest {
    private static StatefulSetSpec set(Wanted wanted) {
        return DesiredStatefulSet.of(wanted).getSpec();
    }

    private static PodSpec pod(Wanted wanted) {
        return set(wanted).getTemplate().getSpec();
    }

    private static Container node(Wanted wanted) {
        return pod(wanted).getContainers().getFirst();
    }

    @Test
    void replicasAndASizeAreEnough() {
        Wanted wanted = Clusters.small();

        assertEquals(3, set(wanted).getReplicas());
        assertEquals(Clusters.IMAGE, node(wanted).getImage());
        assertEquals("IfNotPresent", node(wanted).getImagePullPolicy());
        assertEquals(
                Map.of("cpu", new Quantity("250m"), "memory", new Quantity("512Mi")),
                node(wanted).getResources().getRequests());
        assertEquals(
                Map.of("memory", new Quantity("512Mi")),
                node(wanted).getResources().getLimits());
    }

    @Test
    void onlyTheOperatorDeletesPods() {
        assertEquals("OnDelete", set(Clusters.small()).getUpdateStrategy().getType());
        assertEquals("Parallel", set(Clusters.small()).getPodManagementPolicy());
    }

    @Test
    void volumesOutliveTheResourceUnlessItSaysDelete() {
        assertEquals(
                "Retain",
                set(Clusters.small()).getPersistentVolumeClaimRetentionPolicy().getWhenDeleted());
        assertEquals(
                "Delete",
                set(Clusters.full()).getPersistentVolumeClaimRetentionPolicy().getWhenDeleted());
    }

    @Test
    void noScalingEverDeletesAVolume() {
        for (Wanted wanted : List.of(Clusters.small(), Clusters.full())) {
            assertEquals(
                    "Retain",
                    set(wanted).getPersistentVolumeClaimRetentionPolicy().getWhenScaled());
        }
    }

    @Test
    void mapAndSecretGoTheWayOfTheData() {
        assertTrue(owners(DesiredData.map(Clusters.small(), "{}", "")).isEmpty());
        assertTrue(owners(DesiredData.secret(Clusters.small(), "")).isEmpty());
        assertEquals(List.of("full"), owners(DesiredData.map(Clusters.full(), "{}", "")));
        assertEquals(List.of("full"), owners(DesiredData.secret(Clusters.full(), "")));
    }

    @Test
    void everythingElseGoesWithTheResource() {
        Wanted wanted = Clusters.small();
        List<HasMetadata> objects = List.of(
                DesiredStatefulSet.of(wanted),
                DesiredServices.peers(wanted),
                DesiredServices.clients(wanted),
                DesiredData.disruptionBudget(wanted, true),
                DesiredAccess.networkPolicy(wanted).orElseThrow());

        for (HasMetadata object : objects) {
            assertEquals(List.of("demo"), owners(object), object.getKind());
            assertEquals("shop", object.getMetadata().getNamespace(), object.getKind());
            assertEquals(wanted.names().labels(), object.getMetadata().getLabels(), object.getKind());
        }
    }

    private static List<String> owners(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .map(owner -> owner.getName())
                .toList();
    }

    @Test
    void podsHaveNoRightsThatANodeDoesNotNeed() {
        PodSpec pod = pod(Clusters.small());
        var container = node(Clusters.small()).getSecurityContext();

        assertEquals(false, pod.getAutomountServiceAccountToken());
        assertEquals(false, pod.getEnableServiceLinks());
        assertEquals(true, pod.getSecurityContext().getRunAsNonRoot());
        assertEquals(10001, pod.getSecurityContext().getRunAsUser());
        assertEquals(10001, pod.getSecurityContext().getFsGroup());
        assertEquals(
                "RuntimeDefault", pod.getSecurityContext().getSeccompProfile().getType());
        assertEquals(false, container.getAllowPrivilegeEscalation());
        assertEquals(true, container.getReadOnlyRootFilesystem());
        assertEquals(List.of("ALL"), container.getCapabilities().getDrop());
    }

    /** The start replays a log, on a machine that may be busy; liveness must not kill a node that is only slow. */
    @Test
    void probesArePatient() {
        Container node = node(Clusters.small());

        assertTrue(secondsUntilKilled(node.getStartupProbe()) >= 120);
        assertTrue(secondsUntilKilled(node.getLivenessProbe()) >= 60);
        for (Probe probe : List.of(node.getStartupProbe(), node.getLivenessProbe(), node.getReadinessProbe())) {
            assertTrue(probe.getTimeoutSeconds() >= 5, probe.toString());
            assertEquals(new IntOrString("admin"), probe.getHttpGet().getPort());
        }
    }

    private static int secondsUntilKilled(Probe probe) {
        return probe.getPeriodSeconds() * probe.getFailureThreshold();
    }

    /** Lesson 22: a pod that ends still gets requests until everybody knows. */
    @Test
    void aPodThatEndsLeavesTheServicesFirst() {
        var sleep = node(Clusters.small()).getLifecycle().getPreStop().getSleep();

        assertEquals(5, sleep.getSeconds());
        assertTrue(pod(Clusters.small()).getTerminationGracePeriodSeconds() >= sleep.getSeconds() + 20);
    }

    /** Lesson 15: addresses change, names do not. */
    @Test
    void aNodeTellsItsPeersANameAndNoAddress() {
        Map<String, Optional<String>> environment = node(Clusters.small()).getEnv().stream()
                .collect(Collectors.toMap(EnvVar::getName, entry -> Optional.ofNullable(entry.getValue())));

        assertEquals(Optional.of("$(DYNAMOKV_NAME).demo-nodes.shop.svc"), environment.get("DYNAMOKV_ADVERTISED_HOST"));
        assertEquals(Optional.of("/data/node"), environment.get("DYNAMOKV_DATA_DIR"));
        assertEquals(Optional.of("/etc/dynamokv/secret/secret"), environment.get("DYNAMOKV_SECRET_FILE"));
    }

    /** Kubernetes puts $(NAME) in only if NAME stands before it in the list. */
    @Test
    void theNameStandsBeforeWhatIsMadeOfIt() {
        List<String> names =
                node(Clusters.small()).getEnv().stream().map(EnvVar::getName).toList();

        assertTrue(names.indexOf("DYNAMOKV_NAME") < names.indexOf("DYNAMOKV_ADVERTISED_HOST"), names.toString());
    }

    @Test
    void podsSpreadOverTheZonesOfTheResourcesKey() {
        assertEquals(
                "topology.kubernetes.io/zone",
                pod(Clusters.small()).getTopologySpreadConstraints().getFirst().getTopologyKey());
        assertEquals(
                "example.com/rack",
                pod(Clusters.full()).getTopologySpreadConstraints().getFirst().getTopologyKey());
    }

    @Test
    void podsPreferDifferentMachinesUnlessTheResourceSaysOtherwise() {
        assertEquals(
                1,
                pod(Clusters.small())
                        .getAffinity()
                        .getPodAntiAffinity()
                        .getPreferredDuringSchedulingIgnoredDuringExecution()
                        .size());
        assertTrue(pod(Clusters.full())
                .getAffinity()
                .getPodAntiAffinity()
                .getPreferredDuringSchedulingIgnoredDuringExecution()
                .isEmpty());
    }

    @Test
    void nobodysLabelsReplaceThoseThatTellThePodsApart() {
        Map<String, String> labels =
                set(Clusters.full()).getTemplate().getMetadata().getLabels();

        assertEquals("full", labels.get(Names.INSTANCE_LABEL));
        assertEquals("shop", labels.get("team"));
        assertTrue(labels.entrySet()
                .containsAll(set(Clusters.full()).getSelector().getMatchLabels().entrySet()));
    }

    /** Lesson 16: a node must find its peers before it can serve. */
    @Test
    void peersFindPodsThatAreNotReadyAndClientsDoNot() {
        Service peers = DesiredServices.peers(Clusters.small());
        Service clients = DesiredServices.clients(Clusters.small());

        assertEquals(true, peers.getSpec().getPublishNotReadyAddresses());
        assertEquals("None", peers.getSpec().getClusterIP());
        assertEquals(peers.getMetadata().getName(), set(Clusters.small()).getServiceName());
        assertFalse(Boolean.TRUE.equals(clients.getSpec().getPublishNotReadyAddresses()));
        assertEquals(
                List.of(8080),
                clients.getSpec().getPorts().stream()
                        .map(port -> port.getPort())
                        .toList());
    }

    @Test
    void onePodMayGoOrNone() {
        assertEquals(
                new IntOrString(1),
                DesiredData.disruptionBudget(Clusters.small(), true).getSpec().getMaxUnavailable());
        assertEquals(
                new IntOrString(0),
                DesiredData.disruptionBudget(Clusters.small(), false).getSpec().getMaxUnavailable());
    }

    @Test
    void theAdminPortIsForTheNodesAndTheOperatorOnly() {
        NetworkPolicyIngressRule admin = rule(Clusters.small(), "admin");

        assertEquals(2, admin.getFrom().size());
        assertEquals(
                "demo", admin.getFrom().get(0).getPodSelector().getMatchLabels().get(Names.INSTANCE_LABEL));
        assertEquals(
                Map.of("kubernetes.io/metadata.name", "dynamokv-system"),
                admin.getFrom().get(1).getNamespaceSelector().getMatchLabels());
        assertNotNull(admin.getFrom().get(1).getPodSelector());
        assertEquals(1, rule(Clusters.small(), "peer").getFrom().size());
    }

    @Test
    void clientsAreEveryoneUnlessTheyAreNamed() {
        assertTrue(rule(Clusters.small(), "http").getFrom().isEmpty());
        assertEquals(
                Map.of("app", "cart"),
                rule(Clusters.full(), "http")
                        .getFrom()
                        .getFirst()
                        .getPodSelector()
                        .getMatchLabels());
    }

    private static NetworkPolicyIngressRule rule(Wanted wanted, String port) {
        return DesiredAccess.networkPolicy(wanted).orElseThrow().getSpec().getIngress().stream()
                .filter(rule -> rule.getPorts().getFirst().getPort().equals(new IntOrString(port)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void thePolicyCanBeSwitchedOff() {
        Wanted wanted = Clusters.smallWith("networkPolicy:\n  enabled: false\n");

        assertEquals(Optional.empty(), DesiredAccess.networkPolicy(wanted));
    }

    @Test
    void thereIsAWayInFromOutsideOnlyIfItIsAskedFor() {
        assertEquals(Optional.empty(), DesiredAccess.ingress(Clusters.small()));

        var ingress = DesiredAccess.ingress(Clusters.full()).orElseThrow().getSpec();
        assertEquals("kv.example.com", ingress.getRules().getFirst().getHost());
        assertEquals("kv-tls", ingress.getTls().getFirst().getSecretName());
        assertEquals("traefik", ingress.getIngressClassName());
    }

    /** The nodes' admin port is another one; of the client port only the API is let in. */
    @Test
    void theIngressLeadsToTheClientApiAndNowhereElse() {
        var paths = DesiredAccess.ingress(Clusters.full())
                .orElseThrow()
                .getSpec()
                .getRules()
                .getFirst()
                .getHttp()
                .getPaths();

        assertEquals(1, paths.size());
        assertEquals("/v1/", paths.getFirst().getPath());
        assertEquals(
                "http", paths.getFirst().getBackend().getService().getPort().getName());
    }

    @Test
    void aSpecOfAnOlderSchemaHasEveryDefault() {
        Wanted wanted = Clusters.smallWith("ring:\n  readQuorum: 1\nnetworkPolicy: {}\ntopology: {}\n");

        assertEquals(256, wanted.ring().partitions());
        assertEquals(1, wanted.ring().readQuorum());
        assertEquals(2, wanted.ring().writeQuorum());
        assertEquals("topology.kubernetes.io/zone", wanted.topology().zoneKey());
        assertTrue(DesiredAccess.networkPolicy(wanted).isPresent());
        assertFalse(wanted.paused());
    }

    @Test
    void theSameResourceMakesEqualObjects() {
        assertEquals(DesiredStatefulSet.of(Clusters.full()), DesiredStatefulSet.of(Clusters.full()));
    }

    @Test
    void whatDoesNotConcernPodsDoesNotRollThem() {
        Wanted before = Clusters.small();
        Wanted after = Clusters.smallWith(
                "ring: {readQuorum: 1}\nbuckets: [{name: cart}]\npaused: true\ningress: {host: kv.example}\n");

        assertEquals(set(before).getTemplate(), set(after).getTemplate());
    }
}
