package io.dynamokv.e2e.scenario;

import io.dynamokv.e2e.load.SteadyLoad;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The API server is away for a minute: the store serves on. */
final class ApiServerAway implements Scenario {
    private static final long AWAY_SECONDS = 60;
    private static final long GAP_MILLIS_MAX = 5_000;

    @Override
    public String name() {
        return "api-server";
    }

    @Override
    public Optional<String> whyNot(Stage stage) {
        return stage.faults().can("api-stop", "api-start")
                ? Optional.empty()
                : Optional.of("--faults has no api-stop and api-start");
    }

    @Override
    public String play(Stage stage) {
        SteadyLoad load = stage.running().load().orElseThrow();
        load.figures();
        stage.faults().play("api-stop");
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(AWAY_SECONDS));
        SteadyLoad.Figures figures = load.figures();
        stage.faults().play("api-start");
        Checks.holds(
                "the store took writes all the time: longest gap " + figures.longestGapMillis() + " ms",
                figures.longestGapMillis() < GAP_MILLIS_MAX);
        stage.kube().awaitReady(stage.namespace(), Stage.CLUSTER, Duration.ofMinutes(2));
        return "%d writes in the minute without it, longest gap %d ms"
                .formatted(figures.acknowledged(), figures.longestGapMillis());
    }
}
