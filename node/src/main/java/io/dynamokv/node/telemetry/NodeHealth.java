package io.dynamokv.node.telemetry;

import io.dynamokv.node.port.MapSource;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready is "serving with a loaded map". It does not wait for a quorum, or a full restart would never end. */
@Singleton
public class NodeHealth {
    private final MapSource maps;

    NodeHealth(MapSource maps) {
        this.maps = maps;
    }

    @Produces
    @Readiness
    HealthCheck serving() {
        return () -> HealthCheckResponse.named("serving with a map")
                .status(maps.map().isPresent())
                .build();
    }
}
