package io.dynamokv.e2e.scenario;

import io.dynamokv.e2e.cluster.Await;
import io.dynamokv.e2e.load.StoreClient;
import java.time.Duration;
import java.util.UUID;

/** A resource that is deleted and created again finds its data and its map. */
final class Recreate implements Scenario {
    private static final String NAME = "again";

    @Override
    public String name() {
        return "recreate";
    }

    @Override
    public String play(Stage stage) {
        String yaml = Stage.resource(
                NAME,
                "ingress: {host: again." + stage.host() + "}",
                "image: " + stage.images().node());
        stage.kube().apply(stage.namespace(), yaml);
        stage.kube().awaitReady(stage.namespace(), NAME, Duration.ofMinutes(2));
        String clusterId = clusterIdOf(stage);
        var store = new StoreClient(stage.entrance().apply(stage.kube()), "again." + stage.host(), "/v1/kv/e2e/");
        Await.until(
                "a write is taken",
                Duration.ofSeconds(30),
                () -> store.put("kept", "value", null, UUID.randomUUID().toString())
                                .status()
                        == 204,
                () -> store.get("kept"));
        stage.kube()
                .dynamoClusters()
                .inNamespace(stage.namespace())
                .withName(NAME)
                .delete();
        Await.until(
                "its pods are gone",
                Duration.ofMinutes(2),
                () -> stage.kube().pods(stage.namespace(), NAME).isEmpty(),
                () -> stage.kube().pods(stage.namespace(), NAME).size() + " pods");
        stage.kube().apply(stage.namespace(), yaml);
        stage.kube().awaitReady(stage.namespace(), NAME, Duration.ofMinutes(2));
        Await.until(
                "the value is read back",
                Duration.ofSeconds(30),
                () -> store.get("kept").versions().contains("value"),
                () -> store.get("kept"));
        Checks.same("the cluster's id", clusterId, clusterIdOf(stage));
        stage.kube()
                .dynamoClusters()
                .inNamespace(stage.namespace())
                .withName(NAME)
                .delete();
        return "the same cluster, its value kept";
    }

    /** From the map, which is made once (rule M4). */
    private static String clusterIdOf(Stage stage) {
        String map = stage.kube()
                .client()
                .configMaps()
                .inNamespace(stage.namespace())
                .withName(NAME + "-map")
                .get()
                .getData()
                .getOrDefault("map.json", "");
        int at = map.indexOf("\"clusterId\"");
        return at < 0 ? "none" : map.substring(at, Math.min(map.length(), at + 55));
    }
}
