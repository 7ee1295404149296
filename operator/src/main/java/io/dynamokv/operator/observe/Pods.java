package io.dynamokv.operator.observe;

import io.dynamokv.operator.desired.Names;
import io.dynamokv.operator.nodes.NodeReport;
import io.dynamokv.operator.plan.PodView;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Reads a pod as the planner wants it. */
public final class Pods {
    /** Reasons for which a container waits that do not go away by waiting a little. */
    private static final Set<String> STUCK = Set.of(
            "ImagePullBackOff",
            "ErrImagePull",
            "InvalidImageName",
            "CrashLoopBackOff",
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError");

    private Pods() {}

    static PodView view(Pod pod, String newestRevision, Optional<String> zone, NodeReport report) {
        String revision = pod.getMetadata().getLabels().getOrDefault(Names.REVISION_LABEL, "");
        return new PodView(
                pod.getMetadata().getName(),
                Names.ordinal(pod.getMetadata().getName()).orElse(0),
                pod.getMetadata().getUid(),
                ip(pod),
                zone,
                isReady(pod),
                pod.getMetadata().getDeletionTimestamp() != null,
                !newestRevision.isEmpty() && !revision.equals(newestRevision),
                stuck(pod),
                report);
    }

    static String ip(Pod pod) {
        return pod.getStatus() == null
                ? ""
                : Objects.requireNonNullElse(pod.getStatus().getPodIP(), "");
    }

    public static boolean isReady(Pod pod) {
        return conditions(pod).stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    private static List<PodCondition> conditions(Pod pod) {
        return pod.getStatus() == null || pod.getStatus().getConditions() == null
                ? List.of()
                : pod.getStatus().getConditions();
    }

    private static Optional<String> stuck(Pod pod) {
        List<ContainerStatus> containers =
                pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null
                        ? List.of()
                        : pod.getStatus().getContainerStatuses();
        return containers.stream()
                .map(ContainerStatus::getState)
                .filter(Objects::nonNull)
                .map(ContainerState::getWaiting)
                .filter(waiting -> waiting != null && STUCK.contains(String.valueOf(waiting.getReason())))
                .map(waiting -> waiting.getReason() + (waiting.getMessage() == null ? "" : ": " + waiting.getMessage()))
                .findFirst()
                .or(() -> crashed(pod, containers))
                .or(() -> unschedulable(pod));
    }

    /** Between two restarts a container that crashes looks as if it ran. */
    private static Optional<String> crashed(Pod pod, List<ContainerStatus> containers) {
        return containers.stream()
                .filter(container -> !isReady(pod) && container.getLastState() != null)
                .map(container -> container.getLastState().getTerminated())
                .filter(ended -> ended != null && ended.getExitCode() != null && ended.getExitCode() != 0)
                .map(ended -> "its container ended with exit code " + ended.getExitCode())
                .findFirst();
    }

    private static Optional<String> unschedulable(Pod pod) {
        return conditions(pod).stream()
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && condition.getStatus().equals("False"))
                .map(condition -> condition.getReason() + ": " + condition.getMessage())
                .findFirst();
    }
}
