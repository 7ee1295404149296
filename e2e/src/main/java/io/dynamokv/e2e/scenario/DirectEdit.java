package io.dynamokv.e2e.scenario;

import io.dynamokv.e2e.cluster.Await;
import io.dynamokv.e2e.cluster.Kube;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.util.List;

/** Somebody scales the StatefulSet down and adds to its containers by hand: it is undone, and no data goes. */
final class DirectEdit implements Scenario {
    private static final int NODES = 3;

    @Override
    public String name() {
        return "direct-edit";
    }

    @Override
    public String play(Stage stage) {
        var sets = stage.kube()
                .client()
                .apps()
                .statefulSets()
                .inNamespace(stage.namespace())
                .withName(Stage.CLUSTER);
        long begun = System.nanoTime();
        sets.edit(set -> {
            set.getSpec().setReplicas(1);
            set.getSpec()
                    .getTemplate()
                    .getSpec()
                    .getContainers()
                    .getFirst()
                    .getEnv()
                    .add(new EnvVar("ADDED_BY_HAND", "yes", null));
            return set;
        });
        Await.until(
                "the StatefulSet is as it was",
                Duration.ofMinutes(1),
                () -> isAsItWas(sets.get()),
                () -> String.valueOf(sets.get().getSpec()));
        // The cluster's status is of a moment ago: it may not say yet that two pods were told to go.
        Await.until(
                "all pods are there again",
                Duration.ofMinutes(4),
                () -> areReady(stage.kube().pods(stage.namespace(), Stage.CLUSTER)),
                () -> stage.kube().pods(stage.namespace(), Stage.CLUSTER).toString());
        stage.kube().awaitSettled(stage.namespace(), Stage.CLUSTER, Duration.ofMinutes(4));
        return "undone, whole again after %.1f s".formatted((System.nanoTime() - begun) / 1e9);
    }

    private static boolean areReady(List<Pod> pods) {
        return pods.size() == NODES && pods.stream().allMatch(Kube::isReady);
    }

    private static boolean isAsItWas(StatefulSet set) {
        return set.getSpec().getReplicas() == NODES
                && set.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv().stream()
                        .noneMatch(variable -> variable.getName().equals("ADDED_BY_HAND"));
    }
}
