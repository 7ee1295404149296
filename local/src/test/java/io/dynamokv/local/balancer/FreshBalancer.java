package io.dynamokv.local.balancer;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A balancer for each test, before nodes of its own. */
abstract class FreshBalancer {
    final BalancerFixture fixture = new BalancerFixture();

    /** Where a test that needs none of them has none. */
    @TempDir
    Path pages = Path.of("");

    @AfterEach
    void close() {
        fixture.close();
    }
}
