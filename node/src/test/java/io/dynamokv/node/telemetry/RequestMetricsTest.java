package io.dynamokv.node.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import io.dynamokv.node.port.Exchanges;
import io.dynamokv.node.port.MapSource;
import io.dynamokv.node.port.RequestObserver;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

class RequestMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RequestMetrics metrics = new RequestMetrics(registry);

    @Test
    void everyKindAndResultHasATimerOfItsOwn() {
        int timers = RequestObserver.Kind.values().length * RequestObserver.Result.values().length;

        assertEquals(timers, registry.find("dynamokv.requests").timers().size());
    }

    @Test
    void aRequestIsCountedAndTimedUnderItsKindAndResult() {
        metrics.ended(RequestObserver.Kind.PUT, RequestObserver.Result.UNKNOWN, 3_000_000);

        Timer timer = registry.get("dynamokv.requests")
                .tag("kind", "put")
                .tag("result", "unknown")
                .timer();
        assertEquals(1, timer.count());
        assertEquals(3, timer.totalTime(TimeUnit.MILLISECONDS), 0.001);
        assertEquals(
                1,
                registry.find("dynamokv.requests").timers().stream()
                        .mapToLong(Timer::count)
                        .sum());
    }

    @Test
    void whatWasRefusedForLackOfRoomIsCountedWhateverItWas() {
        metrics.ended(RequestObserver.Kind.PUT, RequestObserver.Result.OVERLOADED, 1);
        metrics.ended(RequestObserver.Kind.GET, RequestObserver.Result.OVERLOADED, 0);
        metrics.ended(RequestObserver.Kind.GET, RequestObserver.Result.REFUSED, 0);

        assertEquals(2, metrics.overloaded());
    }

    /** Readiness asks for no more. */
    private record Source(boolean isReady) implements MapSource {
        @Override
        public Optional<NodeId> self() {
            return Optional.empty();
        }

        @Override
        public Optional<ClusterMap> map() {
            return Optional.empty();
        }

        @Override
        public MapChain chain() {
            return MapChain.EMPTY;
        }

        @Override
        public Map<NodeId, NodeAddress> addresses() {
            return Map.of();
        }

        @Override
        public Liveness liveness(NodeId node) {
            return Liveness.DOWN;
        }

        @Override
        public Map<NodeId, Long> hintsWaiting() {
            return Map.of();
        }

        @Override
        public Exchanges exchanges() {
            return Exchanges.NONE;
        }

        @Override
        public long livenessSinceMillis(NodeId node) {
            return 0;
        }
    }

    private static HealthCheckResponse.Status readiness(boolean isReady) {
        return new NodeHealth(new Source(isReady)).serving().call().getStatus();
    }

    @Test
    void readinessIsThatClientsRequestsBelongHere() {
        assertEquals(HealthCheckResponse.Status.DOWN, readiness(false));
        assertEquals(HealthCheckResponse.Status.UP, readiness(true));
    }
}
