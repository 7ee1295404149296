package io.dynamokv.operator.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.javaoperatorsdk.operator.api.config.BaseConfigurationService;
import io.javaoperatorsdk.operator.api.config.ExecutorServiceManager;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;

class StartupTest {
    @Test
    void aThreadThatWaitsForTheSchedulersNextTaskSleepsUntilThen() {
        ExecutorServiceManager executors = new BaseConfigurationService().getExecutorServiceManager();
        try {
            Startup.keepAThread(executors);

            // With fewer than one, java.util.concurrent wakes the last thread each time that its keep-alive is over,
            // which is 10 ms.
            var scheduler = (ScheduledThreadPoolExecutor) executors.scheduledExecutorService();
            assertEquals(1, scheduler.getCorePoolSize());
            assertFalse(scheduler.allowsCoreThreadTimeOut());
        } finally {
            executors.stop(Duration.ZERO);
        }
    }
}
