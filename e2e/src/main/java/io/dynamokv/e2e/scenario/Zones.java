package io.dynamokv.e2e.scenario;

import io.dynamokv.e2e.cluster.FailedException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The shortest resource, applied by itself: three nodes, each in a zone of its own, Ready within half a minute. */
final class Zones implements Scenario {
    private static final String NAME = "short";

    @Override
    public String name() {
        return "apply";
    }

    @Override
    public String play(Stage stage) {
        long begun = System.nanoTime();
        stage.kube().apply(stage.namespace(), Stage.resource(NAME));
        stage.kube().awaitReady(stage.namespace(), NAME, Duration.ofMinutes(2));
        double seconds = (System.nanoTime() - begun) / 1e9;
        List<String> zones = stage.kube()
                .members(stage.namespace(), NAME)
                .map(member -> String.valueOf(member.get("zone")))
                .toList();
        Set<String> nodeZones = stage.kube().client().nodes().list().getItems().stream()
                .map(node -> node.getMetadata().getLabels().getOrDefault("topology.kubernetes.io/zone", "default"))
                .collect(Collectors.toSet());
        if (zones.size() != 3 || Set.copyOf(zones).size() != Math.min(3, nodeZones.size())) {
            throw new FailedException("the members' zones are " + zones + ", the cluster has " + nodeZones);
        }
        stage.kube()
                .dynamoClusters()
                .inNamespace(stage.namespace())
                .withName(NAME)
                .delete();
        return "Ready after %.1f s over the zones %s".formatted(seconds, zones);
    }
}
