package io.dynamokv.e2e.scenario;

import io.dynamokv.e2e.cluster.Await;
import io.dynamokv.e2e.cluster.FailedException;
import io.dynamokv.e2e.load.StoreClient;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Collectors;

/** From nothing to the first cart: the chart with operator, sample cluster, front end and Ingress. */
final class Install implements Scenario {
    @Override
    public String name() {
        return "install";
    }

    @Override
    public String play(Stage stage) {
        long begun = System.nanoTime();
        stage.kube().ensureNamespace(stage.namespace());
        if (stage.helm().isInstalled(Stage.RELEASE, stage.namespace())) {
            throw new FailedException("an earlier run left its release in " + stage.namespace()
                    + "; take it away with: helm uninstall " + Stage.RELEASE + " -n " + stage.namespace());
        }
        requireNoOtherOperator(stage);
        stage.helm().install(Stage.RELEASE, stage.namespace(), stage.values());
        stage.kube().awaitReady(stage.namespace(), Stage.CLUSTER, Duration.ofMinutes(2));
        double readySeconds = (System.nanoTime() - begun) / 1e9;
        StoreClient store = stage.storeClient();
        String key = "first-" + UUID.randomUUID();
        Await.until(
                "a first write goes through the Ingress",
                Duration.ofMinutes(1),
                () -> store.put(key, "hello", null, UUID.randomUUID().toString())
                                .status()
                        == 204,
                () -> store.get(key));
        double firstSeconds = (System.nanoTime() - begun) / 1e9;
        stage.startLoad();
        return "Ready after %.1f s, first write through the Ingress after %.1f s; zones %s"
                .formatted(readySeconds, firstSeconds, zones(stage));
    }

    /** Two that watch all namespaces would undo each other's writes. */
    private static void requireNoOtherOperator(Stage stage) {
        String others = stage
                .kube()
                .client()
                .apps()
                .deployments()
                .inAnyNamespace()
                .withLabel("app.kubernetes.io/name", "dynamokv")
                .withLabel("app.kubernetes.io/component", "operator")
                .list()
                .getItems()
                .stream()
                .map(deployment -> deployment.getMetadata().getNamespace() + "/"
                        + deployment.getMetadata().getName())
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            throw new FailedException("this cluster has an operator already, which would undo what ours does: " + others
                    + "; uninstall its release, or take another cluster");
        }
    }

    private static String zones(Stage stage) {
        return stage.kube()
                .members(stage.namespace(), Stage.CLUSTER)
                .map(member -> String.valueOf(member.get("zone")))
                .sorted()
                .collect(Collectors.joining(","));
    }
}
