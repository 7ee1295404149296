package io.dynamokv.e2e.scenario;

import java.time.Duration;

/** Clusters of the same name in two namespaces know nothing of each other. */
final class TwoClusters implements Scenario {
    @Override
    public String name() {
        return "two-clusters";
    }

    @Override
    public String play(Stage stage) {
        String other = stage.namespace() + "-b";
        stage.kube().ensureNamespace(other);
        stage.kube()
                .apply(
                        other,
                        Stage.resource(Stage.CLUSTER, "image: " + stage.images().node()));
        stage.kube().awaitReady(other, Stage.CLUSTER, Duration.ofMinutes(2));
        Checks.holds(
                "the two have no member in common",
                stage.kube()
                        .members(other, Stage.CLUSTER)
                        .noneMatch(member -> stage.kube()
                                .members(stage.namespace(), Stage.CLUSTER)
                                .anyMatch(ours -> String.valueOf(ours.get("nodeId"))
                                        .equals(String.valueOf(member.get("nodeId"))))));
        stage.kube().client().namespaces().withName(other).delete();
        return "both Ready, no member in common";
    }
}
