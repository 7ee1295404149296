package io.dynamokv.operator.app;

import io.dynamokv.operator.config.OperatorConfig;
import io.dynamokv.operator.desired.Names;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.quarkiverse.operatorsdk.runtime.api.ConfigurationServiceCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** What no class makes for itself. */
@ApplicationScoped
public class Wiring {
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    ConfigurationServiceCustomizer leaderElection(OperatorConfig config) {
        return () -> overrider -> {
            if (config.leaderElection()) {
                overrider.withLeaderElectionConfiguration(
                        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(Names.OPERATOR)
                                .withLeaseNamespace(config.namespace())
                                .build());
            }
        };
    }
}
