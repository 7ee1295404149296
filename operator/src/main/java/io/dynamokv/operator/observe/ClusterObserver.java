package io.dynamokv.operator.observe;

import io.dynamokv.operator.api.v1.DynamoCluster;
import io.dynamokv.operator.desired.Names;
import io.dynamokv.operator.desired.Wanted;
import io.dynamokv.operator.nodes.ChainedMap;
import io.dynamokv.operator.nodes.NodeClient;
import io.dynamokv.operator.nodes.NodeReport;
import io.dynamokv.operator.plan.Observed;
import io.dynamokv.operator.plan.PodView;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Looks at a cluster: its objects in the caches, its nodes by asking all of them at once. */
public final class ClusterObserver {
    private static final String NO_ZONE = "default";

    private final KubernetesClient client;
    private final NodeClient nodes;
    private final ObjectComparison comparison;
    /** Zones never move while a Kubernetes node keeps its name and id. */
    private final Map<String, String> zones = new ConcurrentHashMap<>();

    private final ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();

    public ClusterObserver(KubernetesClient client, NodeClient nodes, ObjectComparison comparison) {
        this.client = client;
        this.nodes = nodes;
        this.comparison = comparison;
    }

    public Observed observe(DynamoCluster resource, Wanted wanted, Caches caches, Desired desired) {
        StatefulSet set = caches.get(StatefulSet.class, wanted.names().statefulSet());
        return new Observed(
                differing(caches, desired),
                pods(wanted, caches, set),
                stored(caches, wanted.names()),
                resource.getStatus() != null && resource.getStatus().ring() != null,
                olderClaims(resource, caches),
                set != null && !isSeen(set),
                smallClaims(wanted, caches),
                isOldTemplate(wanted, set));
    }

    private List<String> differing(Caches caches, Desired desired) {
        var names = new ArrayList<String>();
        for (HasMetadata object : desired.present()) {
            HasMetadata actual =
                    caches.get(object.getClass(), object.getMetadata().getName());
            if (!comparison.isAsDesired(object, actual)) {
                names.add(Desired.nameOf(object));
            }
        }
        for (HasMetadata object : desired.absent()) {
            if (caches.get(object.getClass(), object.getMetadata().getName()) != null) {
                names.add(Desired.nameOf(object));
            }
        }
        return names;
    }

    /** A cache that lags, or somebody who took the label away, must not look like a map that is gone (rule M4). */
    private Optional<ChainedMap> stored(Caches caches, Names names) {
        ConfigMap cached = caches.get(ConfigMap.class, names.map());
        ConfigMap map = cached != null
                ? cached
                : client.configMaps()
                        .inNamespace(names.namespace())
                        .withName(names.map())
                        .get();
        return Optional.ofNullable(map).flatMap(StoredMaps::read);
    }

    private List<PodView> pods(Wanted wanted, Caches caches, @Nullable StatefulSet set) {
        String revision = set == null || set.getStatus() == null
                ? ""
                : Objects.requireNonNullElse(set.getStatus().getUpdateRevision(), "");
        var asked = new ArrayList<Future<PodView>>();
        for (Pod pod : caches.all(Pod.class)) {
            asked.add(askers.submit(() -> Pods.view(pod, revision, zone(wanted, pod), report(pod))));
        }
        return asked.stream()
                .map(ClusterObserver::result)
                .sorted(Comparator.comparingInt(PodView::ordinal))
                .toList();
    }

    private static boolean isSeen(StatefulSet set) {
        return set.getStatus() != null
                && Objects.equals(
                        set.getStatus().getObservedGeneration(),
                        set.getMetadata().getGeneration());
    }

    /** Times of Kubernetes are in whole seconds and of one form, so they compare as text. */
    private static List<String> olderClaims(DynamoCluster resource, Caches caches) {
        String made = resource.getMetadata().getCreationTimestamp();
        return caches.all(PersistentVolumeClaim.class).stream()
                .filter(claim -> claim.getMetadata().getCreationTimestamp().compareTo(made) < 0)
                .map(claim -> claim.getMetadata().getName())
                .sorted()
                .toList();
    }

    private static PodView result(Future<PodView> asked) {
        try {
            return asked.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the nodes were asked", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a pod could not be read", e.getCause());
        }
    }

    private NodeReport report(Pod pod) {
        String ip = Pods.ip(pod);
        return ip.isEmpty() ? new NodeReport.Unreachable("it has no address yet") : nodes.report(ip);
    }

    private Optional<String> zone(Wanted wanted, Pod pod) {
        String name = pod.getSpec().getNodeName();
        if (name == null) {
            return Optional.empty();
        }
        String key = wanted.topology().zoneKey();
        return Optional.ofNullable(zones.computeIfAbsent(name + "/" + key, _ -> {
            Node node = client.nodes().withName(name).get();
            return node == null ? null : node.getMetadata().getLabels().getOrDefault(key, NO_ZONE);
        }));
    }

    private static List<String> smallClaims(Wanted wanted, Caches caches) {
        return caches.all(PersistentVolumeClaim.class).stream()
                .filter(claim -> smaller(requested(claim), wanted.storage().size()))
                .map(claim -> claim.getMetadata().getName())
                .sorted()
                .toList();
    }

    private static boolean isOldTemplate(Wanted wanted, @Nullable StatefulSet set) {
        return set != null
                && set.getSpec().getVolumeClaimTemplates().stream()
                        .anyMatch(claim ->
                                smaller(requested(claim), wanted.storage().size()));
    }

    private static Quantity requested(PersistentVolumeClaim claim) {
        return claim.getSpec().getResources().getRequests().getOrDefault("storage", new Quantity("0"));
    }

    private static boolean smaller(Quantity one, Quantity other) {
        return one.getNumericalAmount().compareTo(other.getNumericalAmount()) < 0;
    }
}
