package io.dynamokv.e2e.scenario;

import io.dynamokv.e2e.cluster.Await;
import io.dynamokv.e2e.cluster.Kube;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A new image and a new configuration roll through the pods, never two at a time. An image that does not exist is mended by the spec alone. */
final class RollingUpdate implements Scenario {
    private static final Duration ROLL_MAX = Duration.ofMinutes(4);

    @Override
    public String name() {
        return "rolling";
    }

    @Override
    public String play(Stage stage) {
        long begun = System.nanoTime();
        String image = stage.images().nextNode().orElse(stage.images().node());
        int worst = 0;
        if (stage.images().nextNode().isPresent()) {
            stage.edit("image", image);
            worst = Math.max(
                    worst,
                    rolled(
                            stage,
                            pods -> pods.stream().allMatch(pod -> imageOf(pod).equals(image))));
        }
        stage.edit("podTemplate", Map.of("annotations", Map.of("e2e.dynamokv.io/round", "two")));
        worst = Math.max(worst, rolled(stage, pods -> pods.stream().allMatch(pod -> "two".equals(annotation(pod)))));
        double seconds = (System.nanoTime() - begun) / 1e9;
        Checks.holds("at most one pod was away at a time, and not " + worst, worst <= 1);
        mendBrokenImage(stage, image);
        return "%s in %.1f s, at most one pod away; a missing image mended"
                .formatted(
                        stage.images().nextNode().isPresent() ? "image and configuration" : "configuration", seconds);
    }

    private static String imageOf(Pod pod) {
        return pod.getSpec().getContainers().getFirst().getImage();
    }

    private static String annotation(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault("e2e.dynamokv.io/round", "");
    }

    /** @return how many pods were away at the same time, at most */
    private static int rolled(Stage stage, Predicate<List<Pod>> done) {
        int[] worst = {0};
        Await.until(
                "all pods are new and ready",
                ROLL_MAX,
                () -> {
                    List<Pod> pods = stage.kube().pods(stage.namespace(), Stage.CLUSTER);
                    int ready = (int) pods.stream().filter(Kube::isReady).count();
                    worst[0] = Math.max(worst[0], 3 - ready);
                    return ready == 3 && done.test(pods);
                },
                () -> stage.kube().field(stage.namespace(), Stage.CLUSTER, "status"));
        return worst[0];
    }

    private static void mendBrokenImage(Stage stage, String image) {
        stage.edit("image", stage.images().prefix() + "-node:does-not-exist");
        Await.until(
                "one pod waits for an image that does not exist",
                ROLL_MAX,
                () -> stage.kube().pods(stage.namespace(), Stage.CLUSTER).stream()
                        .anyMatch(pod -> imageOf(pod).endsWith(":does-not-exist")),
                () -> stage.kube().field(stage.namespace(), Stage.CLUSTER, "status"));
        stage.edit("image", image);
        rolled(stage, pods -> pods.stream().allMatch(pod -> imageOf(pod).equals(image)));
    }
}
