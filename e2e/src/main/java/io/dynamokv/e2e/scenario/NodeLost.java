package io.dynamokv.e2e.scenario;

import io.dynamokv.e2e.cluster.Await;
import io.dynamokv.e2e.cluster.Kube;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Optional;

/** A Kubernetes node loses its power and returns. */
final class NodeLost implements Scenario {
    @Override
    public String name() {
        return "node";
    }

    @Override
    public Optional<String> whyNot(Stage stage) {
        return stage.faults().can("node-kill", "node-start")
                ? Optional.empty()
                : Optional.of("--faults has no node-kill and node-start");
    }

    @Override
    public String play(Stage stage) {
        Pod pod = stage.kube().pod(stage.namespace(), Stage.CLUSTER + "-2");
        String node = pod.getSpec().getNodeName();
        long begun = System.nanoTime();
        stage.faults().play("node-kill", node);
        Await.until(
                "the resource says that " + pod.getMetadata().getName() + " is away",
                Duration.ofMinutes(2),
                () -> stage.kube()
                        .condition(stage.namespace(), Stage.CLUSTER, "Degraded")
                        .equals("True"),
                () -> stage.kube().field(stage.namespace(), Stage.CLUSTER, "status"));
        double noticedSeconds = (System.nanoTime() - begun) / 1e9;
        stage.faults().play("node-start", node);
        Await.until(
                "all pods are ready again",
                Duration.ofMinutes(4),
                () -> stage.kube().pods(stage.namespace(), Stage.CLUSTER).stream()
                                .filter(Kube::isReady)
                                .count()
                        == 3,
                () -> stage.kube().field(stage.namespace(), Stage.CLUSTER, "status"));
        return "%s away, Degraded after %.1f s, whole again after %.1f s"
                .formatted(node, noticedSeconds, (System.nanoTime() - begun) / 1e9);
    }
}
