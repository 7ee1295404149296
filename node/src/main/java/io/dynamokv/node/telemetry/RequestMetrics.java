package io.dynamokv.node.telemetry;

import io.dynamokv.node.port.RequestObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How many requests ended how, and how long they took. All timers are registered at the start, so that recording is one look-up in an array. */
@Singleton
public class RequestMetrics implements RequestObserver {
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1)
    };

    private final Timer[][] timers;

    @SuppressWarnings("EnumOrdinal") // an index into an array of this process alone
    RequestMetrics(MeterRegistry registry) {
        timers = new Timer[Kind.values().length][Result.values().length];
        for (Kind kind : Kind.values()) {
            for (Result result : Result.values()) {
                timers[kind.ordinal()][result.ordinal()] = Timer.builder("dynamokv.requests")
                        .description("Clients' requests by kind and result, as their first node saw them")
                        .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                        .tag("result", result.name().toLowerCase(Locale.ROOT))
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry);
            }
        }
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // an index into an array of this process alone
    public void ended(Kind kind, Result result, long nanos) {
        timers[kind.ordinal()][result.ordinal()].record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // an index into an array of this process alone
    public long overloaded() {
        return Arrays.stream(timers)
                .mapToLong(ofKind -> ofKind[Result.OVERLOADED.ordinal()].count())
                .sum();
    }
}
