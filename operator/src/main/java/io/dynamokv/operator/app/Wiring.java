package io.dynamokv.operator.app;

import io.dynamokv.operator.config.OperatorConfig;
import io.dynamokv.operator.desired.Names;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkiverse.operatorsdk.runtime.api.ConfigurationServiceCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/** What no class makes for itself. */
@ApplicationScoped
public class Wiring {
    /** A leader that dies without a word is followed after this. Renewing the lease is most of what an idle operator does. */
    private static final Duration LEASE = Duration.ofSeconds(25);

    private static final Duration RENEWED_WITHIN = Duration.ofSeconds(20);
    private static final Duration RENEWED_EVERY = Duration.ofSeconds(5);

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Quarkus' own, and one that counts what it writes. */
    @Produces
    @Singleton
    KubernetesClient client(KubernetesSerialization serialization, Config config, MeterRegistry metrics) {
        return new KubernetesClientBuilder()
                .withKubernetesSerialization(serialization)
                .withConfig(config)
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("writes", new ApiWrites(metrics)))
                .build();
    }

    void close(@Disposes KubernetesClient client) {
        client.close();
    }

    /** Of several operators one leads. */
    @Produces
    @Singleton
    ConfigurationServiceCustomizer leaderElection(OperatorConfig config) {
        return () -> overrider -> {
            if (config.leaderElection()) {
                overrider.withLeaderElectionConfiguration(
                        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(Names.OPERATOR)
                                .withLeaseNamespace(config.namespace())
                                .withLeaseDuration(LEASE)
                                .withRenewDeadline(RENEWED_WITHIN)
                                .withRetryPeriod(RENEWED_EVERY)
                                .build());
            }
        };
    }
}
