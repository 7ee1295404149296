package io.dynamokv.node.telemetry;

import io.dynamokv.node.port.MapSource;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready is "a member of its loaded map, and not stopping". It does not wait for a quorum, or a full restart would never end. */
@Singleton
public class NodeHealth {
    private final MapSource maps;

    NodeHealth(MapSource maps) {
        this.maps = maps;
    }

    @Produces
    @Readiness
    HealthCheck serving() {
        return () -> HealthCheckResponse.named("member of its map")
                .status(maps.isReady())
                .build();
    }
}
