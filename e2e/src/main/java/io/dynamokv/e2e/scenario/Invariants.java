package io.dynamokv.e2e.scenario;

import io.dynamokv.e2e.cluster.Await;
import io.dynamokv.e2e.cluster.FailedException;
import io.dynamokv.e2e.cluster.OperatorLog;
import io.dynamokv.e2e.load.SteadyLoad;
import io.dynamokv.e2e.load.StoreClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What must hold after every scenario: nothing acknowledged is lost, no node failed by a defect, the operator found nothing to complain of, and a steady state writes nothing. */
public final class Invariants {
    private static final Duration SETTLE_MAX = Duration.ofMinutes(3);
    /** Longer than any of the operator's short looks at what it waits for. */
    private static final long STEADY_SECONDS = 10;

    private static final Duration STEADY_MAX = Duration.ofMinutes(1);

    private final Stage stage;
    private final OperatorLog log;

    public Invariants(Stage stage, OperatorLog log) {
        this.stage = stage;
        this.log = log;
    }

    /** @return the load's figures since the last check, in one line */
    public String check() {
        if (stage.running().load().isEmpty()) {
            return "";
        }
        log.follow();
        stage.kube().awaitSettled(stage.namespace(), Stage.CLUSTER, SETTLE_MAX);
        SteadyLoad load = stage.running().load().get();
        List<String> lost = load.check();
        if (!lost.isEmpty()) {
            throw new FailedException(
                    lost.size() + " acknowledged writes lost: " + lost.subList(0, Math.min(5, lost.size())));
        }
        requireNoWrites();
        List<String> errors = log.errors();
        if (!errors.isEmpty()) {
            throw new FailedException(
                    errors.size() + " errors in the operator's log: " + errors.subList(0, Math.min(5, errors.size())));
        }
        SteadyLoad.Figures figures = load.figures();
        if (figures.answers().containsKey(StoreClient.Answer.DEFECT)) {
            throw new FailedException("a node failed by a defect: " + figures.answers());
        }
        return "%d writes, %d repeated %s, longest gap %d ms, 0 lost"
                .formatted(figures.acknowledged(), figures.repeated(), figures.answers(), figures.longestGapMillis());
    }

    /** Looks twice at everything that the operator writes: the steady state may need a moment to be one. */
    private void requireNoWrites() {
        Map<?, ?>[] last = {Map.of()};
        Await.until(
                "nothing of " + Stage.CLUSTER + " is written for " + STEADY_SECONDS + " s",
                STEADY_MAX,
                () -> {
                    Map<String, String> before = stage.kube().versions(stage.namespace(), Stage.CLUSTER);
                    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(STEADY_SECONDS));
                    Map<String, String> after = stage.kube().versions(stage.namespace(), Stage.CLUSTER);
                    last[0] = after;
                    return before.equals(after);
                },
                () -> last[0]);
    }
}
