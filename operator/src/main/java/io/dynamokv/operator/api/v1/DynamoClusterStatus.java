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

    /** @param imbalance how much more than the mean the fullest node owns, as "0.4 %" */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Ring(Long epoch, Long term, String imbalance) {}

    /** @param state alive, suspect or down, as the other nodes see it, or unknown */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Member(String pod, String nodeId, String zone, String state, Integer slots) {}

    /** @param type Create, Rollout, MapChange or Recover */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Operation(String id, String type, String step, String since) {}
}
