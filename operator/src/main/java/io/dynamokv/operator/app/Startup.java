package io.dynamokv.operator.app;

import io.dynamokv.operator.config.OperatorConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.api.config.ExecutorServiceManager;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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
            for (RegisteredController<?> controller : operator.getRegisteredControllers()) {
                keepAThread(
                        controller.getConfiguration().getConfigurationService().getExecutorServiceManager());
            }
        } else {
            LOG.info("dynamokv.operator.start is false: nothing is watched");
        }
    }

    /** The SDK's scheduler keeps no thread, so the one that waits for the next task wakes up each 10 ms: half of what an idle operator cost. */
    static void keepAThread(ExecutorServiceManager executors) {
        if (executors.scheduledExecutorService() instanceof ScheduledThreadPoolExecutor scheduler) {
            scheduler.setCorePoolSize(1);
        } else {
            LOG.warn("The SDK has another scheduler than it had: an idle operator may cost more");
        }
    }
}
