package io.dynamokv.node.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.membership.PeerMonitor;
import io.dynamokv.node.runtime.LivenessTable;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HousekeepingTest {
    private static final NodeId PEER = new NodeId(new UUID(0, 1));

    /**
     * Turns that were further apart than the silence of a suspect would each look like a pause of the node's own, and a peer that says nothing would be
     * believed for ever.
     */
    @Test
    void whoIsSilentIsFoundHoweverShortTheSilenceOfASuspectIs() throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        try {
            var down = new CountDownLatch(1);
            var monitoring = new PeerMonitor.Settings(60, 90);
            var liveness = new LivenessTable(monitoring, _ -> down.countDown(), Clock.systemUTC());
            liveness.watch(List.of(PEER));
            liveness.heard(PEER);
            liveness.asked(PEER);
            var housekeeping = new Housekeeping(vertx, monitoring.suspectAfterMillis());
            housekeeping.eachTurn(() -> {
                liveness.tick();
                return false;
            });

            housekeeping.begin();

            assertTrue(down.await(20, TimeUnit.SECONDS), () -> "it is believed to be " + liveness.of(PEER));
            assertEquals(Liveness.DOWN, liveness.of(PEER));
        } finally {
            vertx.close();
        }
    }
}
