package io.dynamokv.operator.api.v1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a store should be. {@code replicas} and {@code storage.size} are enough; everything else has a default. */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "!has(self.ring) || !has(self.ring.replicationFactor) || self.ring.replicationFactor <= self.replicas",
        message = "ring.replicationFactor copies need as many nodes: raise replicas or lower ring.replicationFactor")
@ValidationRule(
        value =
                "!has(self.buckets) || !has(self.ring) || !has(self.ring.replicationFactor) || self.buckets.all(b, !has(b.quorums)"
                        + " || ((!has(b.quorums.read) || b.quorums.read <= self.ring.replicationFactor)"
                        + " && (!has(b.quorums.write) || b.quorums.write <= self.ring.replicationFactor)))",
        message = "buckets.quorums must be at most ring.replicationFactor: no more copies can answer than there are")
@ValidationRule(
        value = "self.replicas == oldSelf.replicas",
        message =
                "replicas cannot change yet: the ring cannot move; make a new DynamoCluster of the size that you want")
@ValidationRule(
        value = "!has(oldSelf.buckets) || (has(self.buckets)"
                + " && oldSelf.buckets.all(old, self.buckets.exists(now, now.name == old.name)))",
        message =
                "buckets cannot be taken away: what is in them was written by their rules; leave each one in the list")
public record DynamoClusterSpec(
        @JsonPropertyDescription("Nodes of the store.") @Required @Min(1) @Max(100) @SpecReplicas
        Integer replicas,

        @JsonPropertyDescription("The node's image; the operator's default if it is not set.") @Nullable
        String image,

        @JsonPropertyDescription("When the image is pulled: Always, IfNotPresent or Never.")
        @Pattern("^(Always|IfNotPresent|Never)$")
        @Nullable
        String imagePullPolicy,

        @JsonPropertyDescription("Secrets with the registry's credentials.") @Nullable
        List<LocalObjectReference> imagePullSecrets,

        @JsonPropertyDescription("How keys are spread, copied, read and written.") @Default("{}") @Nullable
        Ring ring,

        @JsonPropertyDescription("Declared buckets; others have the defaults.") @Size(max = 256) @Nullable
        List<Bucket> buckets,

        @JsonPropertyDescription("Each node's volume.") @Required
        Storage storage,

        @JsonPropertyDescription(
                "CPU and memory of a node; 250m and 512Mi requested, 512Mi as limit, if it is not set.")
        @Nullable
        ResourceRequirements resources,

        @JsonPropertyDescription("Where nodes should be.") @Default("{}") @Nullable
        Topology topology,

        @JsonPropertyDescription("What is added to the nodes' pods.") @Nullable
        PodTemplate podTemplate,

        @JsonPropertyDescription("An Ingress to the store's client API; none if it is not set.") @Nullable
        Ingress ingress,

        @JsonPropertyDescription("Who may call the nodes.") @Default("{}") @Nullable
        NetworkPolicy networkPolicy,

        @JsonPropertyDescription("Nothing is changed while this is true; the status goes on.")
        @Default("false")
        @Nullable
        Boolean paused) {

    /** How keys are spread, copied, read and written. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @ValidationRule(
            value = "!has(self.readQuorum) || self.readQuorum <= self.replicationFactor",
            message =
                    "ring.readQuorum must be at most ring.replicationFactor: no more copies can answer than there are")
    @ValidationRule(
            value = "!has(self.writeQuorum) || self.writeQuorum <= self.replicationFactor",
            message =
                    "ring.writeQuorum must be at most ring.replicationFactor: no more copies can answer than there are")
    public record Ring(
            @JsonPropertyDescription("Equal parts of the ring, a power of two; fixed at creation.")
            @Default("256")
            @Min(1)
            @Max(4096)
            @ValidationRule(
                    value = "self in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096]",
                    message = "ring.partitions must be a power of two from 1 to 4096")
            @ValidationRule(
                    value = "self == oldSelf",
                    message =
                            "ring.partitions is fixed at creation: make a new DynamoCluster with the number that you want")
            Integer partitions,

            @JsonPropertyDescription("Copies of each value; fixed at creation.")
            @Default("3")
            @Min(1)
            @Max(16)
            @ValidationRule(
                    value = "self == oldSelf",
                    message =
                            "ring.replicationFactor is fixed at creation: make a new DynamoCluster with the number that you want")
            Integer replicationFactor,

            @JsonPropertyDescription("Copies that must answer a read, if the request does not say.")
            @Default("2")
            @Min(1)
            Integer readQuorum,

            @JsonPropertyDescription("Copies that must have a write, if the request does not say.")
            @Default("2")
            @Min(1)
            Integer writeQuorum) {
        public static final Ring DEFAULT = new Ring(256, 3, 2, 2);
    }

    /** A declared bucket. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Bucket(
            @JsonPropertyDescription("The bucket's name.")
            @Required
            @Pattern("^[a-z0-9][a-z0-9._-]{0,62}$")
            @Size(max = 63)
            String name,

            @JsonPropertyDescription(
                    "What becomes of concurrent writes: siblings keeps all, latest the newest; fixed once declared.")
            @Default("siblings")
            @Pattern("^(siblings|latest)$")
            @Size(max = 8)
            @ValidationRule(
                    value = "self == oldSelf",
                    message = "buckets.conflicts is fixed once declared: use a bucket of another name")
            String conflicts,

            @JsonPropertyDescription("Votes that requests need if they do not say, instead of the ring's.") @Nullable
            Quorums quorums,

            @JsonPropertyDescription("What the bucket allows, where that is less than what the nodes allow.") @Nullable
            Limits limits) {
        /** Votes that requests need if they do not say. */
        @JsonIgnoreProperties(ignoreUnknown = true)
        public record Quorums(
                @JsonPropertyDescription("Copies that must answer a read.") @Min(1) @Max(16) @Nullable
                Integer read,

                @JsonPropertyDescription("Copies that must have a write.") @Min(1) @Max(16) @Nullable
                Integer write) {}

        /** What the bucket allows. */
        @JsonIgnoreProperties(ignoreUnknown = true)
        public record Limits(
                @JsonPropertyDescription("Bytes of a value.") @Min(1) @Max(1048576) @Nullable
                Integer valueBytesMax,

                @JsonPropertyDescription("Versions of a key before clients' writes to it are refused.")
                @Min(1)
                @Max(100)
                @Nullable
                Integer siblingsMax) {}
    }

    /** Each node's volume. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @ValidationRule(
            value = "has(self.storageClassName) == has(oldSelf.storageClassName)"
                    + " && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
            message =
                    "storage.storageClassName is fixed at creation: make a new DynamoCluster with the class that you want")
    public record Storage(
            @JsonPropertyDescription("Size of each node's volume; it may grow and never shrinks.")
            @Required
            @ValidationRule(
                    value = "isQuantity(string(self)) && quantity(string(self)).compareTo(quantity('64Mi')) >= 0",
                    message = "storage.size must be a quantity of at least 64Mi, such as 10Gi")
            @ValidationRule(
                    value = "quantity(string(self)).compareTo(quantity(string(oldSelf))) >= 0",
                    message =
                            "storage.size cannot shrink: a volume cannot; make a new DynamoCluster with the size that you want")
            Quantity size,

            @JsonPropertyDescription("Class of the volumes; the cluster's default if it is not set; fixed at creation.")
            @Nullable
            String storageClassName,

            @JsonPropertyDescription("sync: an acknowledged write is on disk at W nodes; buffered: in their logs.")
            @Default("sync")
            @Pattern("^(sync|buffered)$")
            String durability,

            @JsonPropertyDescription("What becomes of volumes, map and secret with the resource: Retain or Delete.")
            @Default("Retain")
            @Pattern("^(Retain|Delete)$")
            String whenDeleted) {}

    /** Where nodes should be. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Topology(
            @JsonPropertyDescription("Label of the Kubernetes nodes that names their zone; fixed at creation.")
            @Default("topology.kubernetes.io/zone")
            @Size(min = 1, max = 317)
            @Pattern("^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$")
            @ValidationRule(
                    value = "self == oldSelf",
                    message =
                            "topology.zoneKey is fixed at creation: make a new DynamoCluster with the label that you want")
            String zoneKey) {
        public static final Topology DEFAULT = new Topology("topology.kubernetes.io/zone");
    }

    /** What is added to the nodes' pods. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record PodTemplate(
            @JsonPropertyDescription("More labels; the operator's own cannot be replaced.") @Nullable
            Map<String, String> labels,

            @JsonPropertyDescription("More annotations.") @Nullable
            Map<String, String> annotations,

            @JsonPropertyDescription("Labels that a pod's Kubernetes node must have.") @Nullable
            Map<String, String> nodeSelector,

            @JsonPropertyDescription("Replaces the preference for different Kubernetes nodes.") @Nullable
            Affinity affinity,

            @JsonPropertyDescription("Taints that the pods tolerate.") @Nullable
            List<Toleration> tolerations,

            @JsonPropertyDescription("The pods' PriorityClass.") @Nullable
            String priorityClassName) {
        public static final PodTemplate NONE = new PodTemplate(null, null, null, null, null, null);
    }

    /** An Ingress to the store's client API. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Ingress(
            @JsonPropertyDescription("The host name that clients use; it may begin with *.")
            @Required
            @Pattern("^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")
            @Size(max = 253)
            String host,

            @JsonPropertyDescription("The IngressClass; the cluster's default if it is not set.") @Nullable
            String className,

            @JsonPropertyDescription("A Secret with the host's certificate; plain HTTP if it is not set.") @Nullable
            String tlsSecretName,

            @JsonPropertyDescription("Annotations for the Ingress controller.") @Nullable
            Map<String, String> annotations) {}

    /** Who may call the nodes. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record NetworkPolicy(
            @JsonPropertyDescription("Whether there is one.") @Default("true")
            Boolean enabled,

            @JsonPropertyDescription("Who may call the client API; everyone if it is not set.") @Nullable
            List<NetworkPolicyPeer> from) {
        public static final NetworkPolicy DEFAULT = new NetworkPolicy(true, null);
    }
}
