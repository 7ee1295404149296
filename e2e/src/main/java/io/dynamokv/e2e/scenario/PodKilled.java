package io.dynamokv.e2e.scenario;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;

/** A pod deleted without a chance to say goodbye comes back into its place, with its data. */
final class PodKilled implements Scenario {
    @Override
    public String name() {
        return "pod";
    }

    @Override
    public String play(Stage stage) {
        Pod pod = stage.kube().pod(stage.namespace(), Stage.CLUSTER + "-1");
        String member = nodeIdOf(stage, pod);
        long begun = System.nanoTime();
        stage.kube().client().resource(pod).withGracePeriod(1).delete();
        stage.kube().awaitReplaced(stage.namespace(), pod, Duration.ofSeconds(90));
        double seconds = (System.nanoTime() - begun) / 1e9;
        stage.kube().awaitSettled(stage.namespace(), Stage.CLUSTER, Duration.ofMinutes(1));
        Checks.same("the node id of " + pod.getMetadata().getName(), member, nodeIdOf(stage, pod));
        return "ready again after %.1f s, the same node".formatted(seconds);
    }

    private static String nodeIdOf(Stage stage, Pod pod) {
        return stage.kube()
                .members(stage.namespace(), Stage.CLUSTER)
                .filter(member -> pod.getMetadata().getName().equals(member.get("pod")))
                .map(member -> String.valueOf(member.get("nodeId")))
                .findFirst()
                .orElse("none");
    }
}
