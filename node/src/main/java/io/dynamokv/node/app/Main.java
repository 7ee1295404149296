package io.dynamokv.node.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The process. A shard is an event loop, so their number is set before Quarkus makes them. */
@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        String cores = Integer.toString(Runtime.getRuntime().availableProcessors());
        String shards = System.getProperty("dynamokv.shards", System.getenv().getOrDefault("DYNAMOKV_SHARDS", cores));
        System.setProperty("quarkus.vertx.event-loops-pool-size", shards);
        System.setProperty("quarkus.http.io-threads", shards);
        Quarkus.run(NodeApplication.class, args);
    }
}
