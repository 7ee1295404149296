package io.dynamokv.node.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import org.jspecify.annotations.Nullable;

/** The process: how it begins and what its exit code says. A shard is an event loop, so their number is set before Quarkus makes them. */
@QuarkusMain
public final class Main {
    private static final int DEFECT = 1;

    private Main() {}

    public static void main(String[] args) {
        String cores = Integer.toString(Runtime.getRuntime().availableProcessors());
        String shards = System.getProperty("dynamokv.shards", System.getenv().getOrDefault("DYNAMOKV_SHARDS", cores));
        System.setProperty("quarkus.vertx.event-loops-pool-size", shards);
        System.setProperty("quarkus.http.io-threads", shards);
        // Quarkus would answer a URI that is none with an empty page; RequestGate says what is wrong with it.
        System.setProperty("vertx.disableURIValidation", "true");
        Quarkus.run(NodeApplication.class, Main::exit, args);
    }

    private static void exit(int code, @Nullable Throwable failure) {
        System.exit(failure == null ? code : codeAfter(failure));
    }

    private static int codeAfter(Throwable failure) {
        String why = StartFailure.whatAPersonMustMend(failure);
        if (why == null) {
            failure.printStackTrace();
            return DEFECT;
        }
        System.err.println("Cannot start: " + why);
        return NodeApplication.UNUSABLE;
    }
}
