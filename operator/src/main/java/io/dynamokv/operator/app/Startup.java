package io.dynamokv.operator.app;

import io.dynamokv.operator.config.OperatorConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Begins to watch, unless this run only loads its classes. */
@Singleton
public class Startup {
    private static final Logger LOG = Logger.getLogger(Startup.class);

    void begin(@Observes StartupEvent event, Operator operator, OperatorConfig config, KubernetesClient client) {
        if (config.start()) {
            if (config.crdUpgrade()) {
                CrdUpgrade.run(client);
            }
            operator.start();
        } else {
            LOG.info("dynamokv.operator.start is false: nothing is watched");
        }
    }
}
