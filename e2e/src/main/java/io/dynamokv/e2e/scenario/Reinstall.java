package io.dynamokv.e2e.scenario;

import io.dynamokv.e2e.cluster.Await;
import java.time.Duration;

/** The release is uninstalled and installed again; what was acknowledged before is there afterwards. */
final class Reinstall implements Scenario {
    @Override
    public String name() {
        return "reinstall";
    }

    @Override
    public String play(Stage stage) {
        stage.helm().uninstall(Stage.RELEASE, stage.namespace());
        Await.until(
                "the cluster's pods are gone",
                Duration.ofMinutes(2),
                () -> stage.kube().pods(stage.namespace(), Stage.CLUSTER).isEmpty(),
                () -> stage.kube().pods(stage.namespace(), Stage.CLUSTER).size() + " pods");
        stage.helm().install(Stage.RELEASE, stage.namespace(), stage.values());
        stage.kube().awaitReady(stage.namespace(), Stage.CLUSTER, Duration.ofMinutes(2));
        return "uninstalled and installed again";
    }
}
