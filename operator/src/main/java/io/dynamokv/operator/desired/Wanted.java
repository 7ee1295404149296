package io.dynamokv.operator.desired;

import io.dynamokv.operator.api.v1.DynamoCluster;
import io.dynamokv.operator.api.v1.DynamoClusterSpec;
import io.dynamokv.operator.api.v1.DynamoClusterSpec.NetworkPolicy;
import io.dynamokv.operator.api.v1.DynamoClusterSpec.PodTemplate;
import io.dynamokv.operator.api.v1.DynamoClusterSpec.Ring;
import io.dynamokv.operator.api.v1.DynamoClusterSpec.Storage;
import io.dynamokv.operator.api.v1.DynamoClusterSpec.Topology;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A resource with every default filled in, those included that an older CRD's schema did not have.
 *
 * @param operatorNamespace where the operator's pods are, which may call the admin API
 */
public record Wanted(
        Names names,
        OwnerReference owner,
        int replicas,
        String image,
        String imagePullPolicy,
        Ring ring,
        List<DynamoClusterSpec.Bucket> buckets,
        Storage storage,
        ResourceRequirements resources,
        Topology topology,
        PodTemplate podTemplate,
        NetworkPolicy networkPolicy,
        Optional<DynamoClusterSpec.Ingress> ingress,
        boolean paused,
        DynamoClusterSpec spec,
        String operatorNamespace) {
    private static final ResourceRequirements RESOURCES = new ResourceRequirementsBuilder()
            .addToRequests("cpu", new Quantity("250m"))
            .addToRequests("memory", new Quantity("512Mi"))
            .addToLimits("memory", new Quantity("512Mi"))
            .build();

    public static Wanted of(DynamoCluster resource, String defaultImage, String operatorNamespace) {
        DynamoClusterSpec spec = resource.getSpec();
        Storage storage = spec.storage();
        return new Wanted(
                new Names(
                        resource.getMetadata().getNamespace(),
                        resource.getMetadata().getName()),
                ownerReference(resource),
                spec.replicas(),
                or(spec.image(), defaultImage),
                or(spec.imagePullPolicy(), "IfNotPresent"),
                ring(spec.ring()),
                or(spec.buckets(), List.of()),
                new Storage(
                        storage.size(),
                        storage.storageClassName(),
                        or(storage.durability(), "sync"),
                        or(storage.whenDeleted(), "Retain")),
                or(spec.resources(), RESOURCES),
                topology(spec.topology()),
                or(spec.podTemplate(), PodTemplate.NONE),
                networkPolicy(spec.networkPolicy()),
                Optional.ofNullable(spec.ingress()),
                Boolean.TRUE.equals(spec.paused()),
                spec,
                operatorNamespace);
    }

    private static Ring ring(@Nullable Ring given) {
        Ring defaults = Ring.DEFAULT;
        return given == null
                ? defaults
                : new Ring(
                        or(given.partitions(), defaults.partitions()),
                        or(given.replicationFactor(), defaults.replicationFactor()),
                        or(given.readQuorum(), defaults.readQuorum()),
                        or(given.writeQuorum(), defaults.writeQuorum()));
    }

    private static Topology topology(@Nullable Topology given) {
        return given == null ? Topology.DEFAULT : new Topology(or(given.zoneKey(), Topology.DEFAULT.zoneKey()));
    }

    private static NetworkPolicy networkPolicy(@Nullable NetworkPolicy given) {
        return given == null
                ? NetworkPolicy.DEFAULT
                : new NetworkPolicy(or(given.enabled(), NetworkPolicy.DEFAULT.enabled()), given.from());
    }

    private static <T> T or(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    private static OwnerReference ownerReference(DynamoCluster resource) {
        return new OwnerReferenceBuilder()
                .withApiVersion(resource.getApiVersion())
                .withKind(resource.getKind())
                .withName(resource.getMetadata().getName())
                .withUid(resource.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }

    /** Whether data, map and secret outlive the resource. */
    public boolean isRetained() {
        return !storage.whenDeleted().equals("Delete");
    }
}
