package io.dynamokv.e2e;

import io.dynamokv.e2e.cluster.OperatorLog;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Keeps following the operator's log while a scenario is played, for that of a killed pod goes with it. */
final class Following implements AutoCloseable {
    private static final int PERIOD_MILLIS = 500;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());
    private final OperatorLog log;

    Following(OperatorLog log) {
        this.log = log;
    }

    void begin() {
        var _ = timer.scheduleWithFixedDelay(this::follow, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void follow() {
        try {
            log.follow();
        } catch (KubernetesClientException _) {
            // The API server may be away; the next time is half a second off.
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
