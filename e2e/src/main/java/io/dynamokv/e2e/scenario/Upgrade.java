package io.dynamokv.e2e.scenario;

import io.dynamokv.e2e.cluster.Await;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;

/** Helm upgrades the release and rolls it back. Helm leaves a CRD as it is; the operator brings its own (here: with the short name back). */
final class Upgrade implements Scenario {
    private static final String CRD = "dynamoclusters.dynamokv.io";

    @Override
    public String name() {
        return "upgrade";
    }

    @Override
    public String play(Stage stage) {
        Resource<CustomResourceDefinition> crd = stage.kube()
                .client()
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(CRD);
        crd.edit(definition -> {
            definition.getSpec().getNames().setShortNames(List.of());
            return definition;
        });
        var values = new HashMap<>(stage.values());
        values.put("cart.replicas", "2");
        values.put("operator.resources.requests.cpu", "60m");
        stage.helm().upgrade(Stage.RELEASE, stage.namespace(), values);
        Await.until(
                "the upgraded operator has brought its CRD",
                Duration.ofMinutes(1),
                () -> crd.get().getSpec().getNames().getShortNames().contains("dyn"),
                () -> crd.get().getSpec().getNames());
        stage.helm().rollback(Stage.RELEASE, stage.namespace());
        return "upgraded with the CRD, and rolled back";
    }
}
