package io.dynamokv.e2e.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cluster's API as the scenarios use it. A DynamoCluster is a document here, as it is for whoever applies one. */
public final class Kube {
    private static final ResourceDefinitionContext KIND = new ResourceDefinitionContext.Builder()
            .withGroup("dynamokv.io")
            .withVersion("v1")
            .withKind("DynamoCluster")
            .withPlural("dynamoclusters")
            .withNamespaced(true)
            .build();

    private final KubernetesClient client;

    public Kube(KubernetesClient client) {
        this.client = client;
    }

    public KubernetesClient client() {
        return client;
    }

    public void ensureNamespace(String name) {
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .serverSideApply();
    }

    public void apply(String namespace, String yaml) {
        client.resourceList(yaml)
                .inNamespace(namespace)
                .resources()
                .forEach(resource -> resource.forceConflicts().serverSideApply());
    }

    /** @return why the API server refused it, nothing if it did not */
    public Optional<String> refusalOf(String namespace, String yaml) {
        try {
            apply(namespace, yaml);
            return Optional.empty();
        } catch (KubernetesClientException e) {
            if (e.getCode() == 422 || e.getCode() == 400) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    public MixedOperation<GenericKubernetesResource, ?, Resource<GenericKubernetesResource>> dynamoClusters() {
        return client.genericKubernetesResources(KIND);
    }

    public @Nullable GenericKubernetesResource dynamoCluster(String namespace, String name) {
        return dynamoClusters().inNamespace(namespace).withName(name).get();
    }

    /** What stands at a path of the resource, such as {@code status.ring.epoch}; the empty text if nothing does. */
    public String field(String namespace, String name, String path) {
        Object value = dynamoCluster(namespace, name);
        if (value instanceof GenericKubernetesResource resource) {
            value = resource.getAdditionalProperties();
        }
        for (String step : path.split("\\.", -1)) {
            value = value instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return value == null ? "" : String.valueOf(value);
    }

    /** The status of a condition: True, False, Unknown, or the empty text. */
    public String condition(String namespace, String name, String type) {
        return conditions(namespace, name)
                .filter(condition -> type.equals(condition.get("type")))
                .map(condition -> String.valueOf(condition.get("status")))
                .findFirst()
                .orElse("");
    }

    private Stream<Map<?, ?>> conditions(String namespace, String name) {
        return list(namespace, name, "conditions");
    }

    public Stream<Map<?, ?>> members(String namespace, String name) {
        return list(namespace, name, "members");
    }

    private Stream<Map<?, ?>> list(String namespace, String name, String field) {
        GenericKubernetesResource resource = dynamoCluster(namespace, name);
        Object status =
                resource == null ? null : resource.getAdditionalProperties().get("status");
        Object entries = status instanceof Map<?, ?> map ? map.get(field) : null;
        return entries instanceof List<?> list
                ? list.stream().filter(Map.class::isInstance).map(entry -> (Map<?, ?>) entry)
                : Stream.empty();
    }

    /** Ready as the resource's own status says, for its newest generation. */
    public boolean isReady(String namespace, String name) {
        GenericKubernetesResource resource = dynamoCluster(namespace, name);
        return resource != null
                && String.valueOf(resource.getMetadata().getGeneration())
                        .equals(field(namespace, name, "status.observedGeneration"))
                && condition(namespace, name, "Ready").equals("True");
    }

    public void awaitReady(String namespace, String name, Duration atMost) {
        Await.until(
                namespace + "/" + name + " is Ready",
                atMost,
                () -> isReady(namespace, name),
                () -> field(namespace, name, "status"));
    }

    /** Ready, and nothing under way. */
    public void awaitSettled(String namespace, String name, Duration atMost) {
        Await.until(
                namespace + "/" + name + " is Ready and nothing is under way",
                atMost,
                () -> isReady(namespace, name)
                        && condition(namespace, name, "Progressing").equals("False"),
                () -> field(namespace, name, "status"));
    }

    public List<Pod> pods(String namespace, String cluster) {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/instance", cluster)
                .withLabel("app.kubernetes.io/managed-by", "dynamokv-operator")
                .list()
                .getItems();
    }

    public Pod pod(String namespace, String name) {
        Pod pod = client.pods().inNamespace(namespace).withName(name).get();
        if (pod == null) {
            throw new FailedException("there is no pod " + namespace + "/" + name);
        }
        return pod;
    }

    public static boolean isReady(@Nullable Pod pod) {
        return pod != null
                && pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }

    /** Waits until the pod of that name is another one, and ready. */
    public void awaitReplaced(String namespace, Pod old, Duration atMost) {
        String name = old.getMetadata().getName();
        Await.until(
                name + " is back",
                atMost,
                () -> {
                    Pod pod =
                            client.pods().inNamespace(namespace).withName(name).get();
                    return isReady(pod)
                            && !Objects.equals(
                                    pod.getMetadata().getUid(),
                                    old.getMetadata().getUid());
                },
                () -> Optional.ofNullable(client.pods()
                                .inNamespace(namespace)
                                .withName(name)
                                .get())
                        .map(Pod::getStatus));
    }

    /**
     * The resource versions of everything that the operator writes for a cluster, its own status included. Two that are equal say that nobody wrote
     * anything in between.
     */
    public Map<String, String> versions(String namespace, String cluster) {
        Stream<? extends HasMetadata> objects = Stream.of(
                        Stream.ofNullable(dynamoCluster(namespace, cluster)),
                        owned(client.apps().statefulSets().inNamespace(namespace), cluster),
                        owned(client.services().inNamespace(namespace), cluster),
                        owned(client.configMaps().inNamespace(namespace), cluster),
                        owned(client.secrets().inNamespace(namespace), cluster),
                        owned(client.persistentVolumeClaims().inNamespace(namespace), cluster),
                        owned(client.policy().v1().podDisruptionBudget().inNamespace(namespace), cluster),
                        owned(client.network().v1().networkPolicies().inNamespace(namespace), cluster),
                        owned(client.network().v1().ingresses().inNamespace(namespace), cluster))
                .flatMap(stream -> stream);
        return objects.collect(Collectors.toMap(
                object -> object.getKind() + "/" + object.getMetadata().getName(),
                object -> object.getMetadata().getResourceVersion(),
                (first, second) -> second,
                TreeMap::new));
    }

    private static <T extends HasMetadata> Stream<T> owned(
            NonNamespaceOperation<T, ? extends KubernetesResourceList<T>, ?> kind, String cluster) {
        return kind.withLabel("app.kubernetes.io/instance", cluster).list().getItems().stream();
    }
}
