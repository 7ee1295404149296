package io.dynamokv.e2e.scenario;

import java.util.List;

/** All of them, in the order in which they are played. */
public final class Scenarios {
    private Scenarios() {}

    public static List<Scenario> all() {
        return List.of(
                new Install(),
                new Zones(),
                new CartInBrowser(),
                new PodKilled(),
                new RollingUpdate(),
                new NodeLost(),
                new ApiServerAway(),
                new OperatorKilled(),
                new BadSpecs(),
                new DirectEdit(),
                new TwoClusters(),
                new Upgrade(),
                new Recreate(),
                new Reinstall());
    }
}
