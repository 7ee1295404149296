package io.dynamokv.operator.api.v1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the store is, as the operator last saw it. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DynamoClusterStatus(
        @JsonPropertyDescription("One word: Creating, Running, Updating, Degraded, Paused or Blocked.") @Nullable
        String phase,

        @JsonPropertyDescription("The generation of the spec that this speaks of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Pods of the store.") @StatusReplicas @Nullable
        Integer replicas,

        @JsonPropertyDescription("Pods that serve.") @Nullable
        Integer readyReplicas,

        @JsonPropertyDescription("The pods' label selector.") @LabelSelector @Nullable
        String selector,

        @JsonPropertyDescription("The newest map.") @Nullable
        Ring ring,

        @JsonPropertyDescription("The map's members.") @Nullable
        List<Member> members,

        @JsonPropertyDescription("What is under way.") @Nullable
        Operation operation,

        @JsonPropertyDescription("Ready, Progressing, Degraded, MapUnknown, DataAtRisk, Paused.") @Nullable
        List<Condition> conditions) {
    public static final DynamoClusterStatus NONE =
            new DynamoClusterStatus(null, null, null, null, null, null, null, null, null);

    /** The newest map that is known. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Ring(
            @JsonPropertyDescription("The map's number; each change makes the next.")
            Long epoch,

            @JsonPropertyDescription("Raised when a map was recovered from the nodes.")
            Long term,

            @JsonPropertyDescription("How much more than the mean the fullest node owns, as 0.4 %.")
            String imbalance) {}

    /** A node of the map. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Member(
            @JsonPropertyDescription("Its pod.") String pod,

            @JsonPropertyDescription("The id in its data directory.")
            String nodeId,

            @JsonPropertyDescription("Its zone in the map.") String zone,

            @JsonPropertyDescription("alive, suspect or down, as the other nodes see it, or unknown.")
            String state,

            @JsonPropertyDescription("Copies of partitions that it owns.")
            Integer slots) {}

    /** What is under way. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Operation(
            @JsonPropertyDescription("The id in logs and events.")
            String id,

            @JsonPropertyDescription("Create, Rollout, MapChange or Recover.")
            String type,

            @JsonPropertyDescription("What is done or waited for now.")
            String step,

            @JsonPropertyDescription("When it began.") String since) {}
}
