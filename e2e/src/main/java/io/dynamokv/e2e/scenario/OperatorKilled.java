package io.dynamokv.e2e.scenario;

import io.dynamokv.e2e.cluster.Await;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The operator dies at each step of a creation and of a rollout, and its successor goes on where it was. */
final class OperatorKilled implements Scenario {
    private static final String NAME = "interrupted";
    private static final Duration STEP_MAX = Duration.ofMinutes(2);

    private record Moment(String what, BooleanSupplier isNow) {}

    @Override
    public String name() {
        return "operator";
    }

    @Override
    public String play(Stage stage) {
        var killed = new ArrayList<String>();
        stage.kube().apply(stage.namespace(), Stage.resource(NAME));
        for (Moment moment : creation(stage)) {
            killAt(stage, moment, killed);
        }
        stage.kube().awaitReady(stage.namespace(), NAME, STEP_MAX);
        String epoch = stage.kube().field(stage.namespace(), NAME, "status.ring.epoch");
        Checks.same("the epoch of a map that was made once", "1", epoch);
        stage.edit("podTemplate", Map.of("annotations", Map.of("e2e.dynamokv.io/round", "three")));
        for (int ordinal = 2; ordinal >= 0; ordinal--) {
            String name = Stage.CLUSTER + "-" + ordinal;
            killAt(stage, new Moment("rollout of " + name, () -> isRolled(stage, name)), killed);
        }
        stage.kube().awaitSettled(stage.namespace(), Stage.CLUSTER, Duration.ofMinutes(4));
        stage.kube()
                .dynamoClusters()
                .inNamespace(stage.namespace())
                .withName(NAME)
                .delete();
        return "killed at: " + String.join(", ", killed);
    }

    private static List<Moment> creation(Stage stage) {
        var client = stage.kube().client();
        return List.of(
                new Moment(
                        "the secret",
                        () -> client.secrets()
                                        .inNamespace(stage.namespace())
                                        .withName(NAME + "-secret")
                                        .get()
                                != null),
                new Moment(
                        "the StatefulSet",
                        () -> client.apps()
                                        .statefulSets()
                                        .inNamespace(stage.namespace())
                                        .withName(NAME)
                                        .get()
                                != null),
                new Moment(
                        "the first map",
                        () -> client.configMaps()
                                        .inNamespace(stage.namespace())
                                        .withName(NAME + "-map")
                                        .get()
                                != null));
    }

    private static boolean isRolled(Stage stage, String pod) {
        Pod found = stage.kube()
                .client()
                .pods()
                .inNamespace(stage.namespace())
                .withName(pod)
                .get();
        return found != null
                && found.getMetadata().getAnnotations() != null
                && "three".equals(found.getMetadata().getAnnotations().get("e2e.dynamokv.io/round"));
    }

    private static void killAt(Stage stage, Moment moment, List<String> killed) {
        Await.until(
                moment.what() + " is there",
                STEP_MAX,
                moment.isNow(),
                () -> stage.kube().field(stage.namespace(), NAME, "status"));
        stage.operatorPods()
                .forEach(pod ->
                        stage.kube().client().resource(pod).withGracePeriod(0).delete());
        killed.add(moment.what());
    }
}
