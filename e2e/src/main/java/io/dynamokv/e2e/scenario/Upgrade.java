package io.dynamokv.e2e.scenario;

import java.util.HashMap;

/** The release is upgraded and rolled back; the store serves meanwhile. */
final class Upgrade implements Scenario {
    @Override
    public String name() {
        return "upgrade";
    }

    @Override
    public String play(Stage stage) {
        var values = new HashMap<>(stage.values());
        values.put("cart.replicas", "2");
        values.put("operator.resources.requests.cpu", "60m");
        stage.helm().upgrade(Stage.RELEASE, stage.namespace(), values);
        stage.helm().rollback(Stage.RELEASE, stage.namespace());
        return "upgraded and rolled back";
    }
}
