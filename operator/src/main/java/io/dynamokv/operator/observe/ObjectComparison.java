package io.dynamokv.operator.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether an object is as it should be by asking the API server what an update would make of it (dryRun). So every edit is seen, no defaulted
 * field is taken for one, and an object that neither side changed since the last look is not asked about again. What is kept is a memory of
 * answers, nothing more: after a restart everything is asked once.
 */
public final class ObjectComparison {
    private record Looked(String uid, String version, int desired) {}

    private final KubernetesClient client;
    private final ObjectMapper json = new ObjectMapper();
    private final KubernetesSerialization serialization;
    private final Map<String, Looked> equal = new ConcurrentHashMap<>();

    public ObjectComparison(KubernetesClient client) {
        this.client = client;
        serialization = client.getKubernetesSerialization();
    }

    public boolean isAsDesired(HasMetadata desired, @Nullable HasMetadata actual) {
        if (actual == null || !hasMetadataOf(desired, actual)) {
            return false;
        }
        if (actual instanceof Secret) {
            return true; // what is in it is made once, and then a person's matter
        }
        String name = actual.getKind() + "/" + actual.getMetadata().getNamespace() + "/"
                + actual.getMetadata().getName();
        var looked = new Looked(
                actual.getMetadata().getUid(),
                version(actual),
                serialization.asJson(desired).hashCode());
        if (looked.equals(equal.get(name))) {
            return true;
        }
        HasMetadata merged = merged(desired, actual);
        boolean same = content(client.resource(merged).dryRun().update()).equals(content(actual));
        if (same) {
            equal.put(name, looked);
        }
        return same;
    }

    /** What has no generation, or no spec that it counts, changes its version with every write. */
    private static String version(HasMetadata actual) {
        Long generation = actual.getMetadata().getGeneration();
        return generation == null || generation == 0
                ? actual.getMetadata().getResourceVersion()
                : generation.toString();
    }

    private static boolean hasMetadataOf(HasMetadata desired, HasMetadata actual) {
        Map<String, String> labels = orEmpty(actual.getMetadata().getLabels());
        Map<String, String> annotations = orEmpty(actual.getMetadata().getAnnotations());
        return labels.entrySet()
                        .containsAll(orEmpty(desired.getMetadata().getLabels()).entrySet())
                && annotations
                        .entrySet()
                        .containsAll(
                                orEmpty(desired.getMetadata().getAnnotations()).entrySet())
                && owners(desired).equals(owners(actual));
    }

    private static List<String> owners(HasMetadata object) {
        List<OwnerReference> owners =
                Objects.requireNonNullElse(object.getMetadata().getOwnerReferences(), List.of());
        return owners.stream().map(OwnerReference::getUid).toList();
    }

    private static <K, V> Map<K, V> orEmpty(@Nullable Map<K, V> map) {
        return map == null ? Map.of() : map;
    }

    /** The desired object over the actual one: others' labels and annotations stay, and what can never be changed is left as it is. */
    public HasMetadata merged(HasMetadata desired, HasMetadata actual) {
        HasMetadata merged = serialization.clone(desired);
        var metadata = merged.getMetadata();
        var labels = new java.util.TreeMap<>(orEmpty(actual.getMetadata().getLabels()));
        labels.putAll(orEmpty(metadata.getLabels()));
        metadata.setLabels(labels);
        var annotations = new java.util.TreeMap<>(orEmpty(actual.getMetadata().getAnnotations()));
        annotations.putAll(orEmpty(metadata.getAnnotations()));
        metadata.setAnnotations(annotations);
        metadata.setResourceVersion(actual.getMetadata().getResourceVersion());
        metadata.setUid(actual.getMetadata().getUid());
        if (merged instanceof StatefulSet set && actual instanceof StatefulSet old) {
            set.getSpec().setVolumeClaimTemplates(old.getSpec().getVolumeClaimTemplates());
        }
        if (merged instanceof Secret secret && actual instanceof Secret old) {
            secret.setStringData(null);
            secret.setData(old.getData());
        }
        return merged;
    }

    /** All but metadata and status. */
    private JsonNode content(HasMetadata object) {
        ObjectNode tree = json.valueToTree(serialization.unmarshal(serialization.asJson(object), Map.class));
        tree.remove(List.of("metadata", "status", "apiVersion", "kind"));
        return tree;
    }
}
