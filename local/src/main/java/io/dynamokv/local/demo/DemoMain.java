package io.dynamokv.local.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The process behind {@code ./dynamokv demo}: starts everything, waits for Ctrl-C or SIGTERM, stops everything. */
public final class DemoMain {
    private static final int FAILED = 1;

    private DemoMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path home = Path.of(System.getProperty("dynamokv.home", ""))
                .toAbsolutePath()
                .normalize();
        if (List.of(arguments).contains("--help")) {
            System.out.print(DemoOptions.USAGE);
            return;
        }
        var stopped = new CountDownLatch(1);
        var main = Thread.currentThread();
        try {
            DemoOptions options = DemoOptions.parse(home, List.of(arguments));
            var hook = new Thread(
                    () -> {
                        main.interrupt();
                        awaitQuietly(stopped);
                    },
                    "stop");
            Runtime.getRuntime().addShutdownHook(hook);
            try (Demo demo = Demo.start(options, DemoMain::say)) {
                demo.printSummary();
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                System.out.println("Stopped; the data stays in " + options.directory());
            }
        } catch (DemoException e) {
            System.err.println("dynamokv demo: " + e.getMessage());
            stopped.countDown();
            System.exit(FAILED);
        } finally {
            stopped.countDown();
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
