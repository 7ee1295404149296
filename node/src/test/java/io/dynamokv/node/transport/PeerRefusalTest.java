package io.dynamokv.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerRequest;
import io.vertx.core.VertxOptions;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Links that one side refuses or closes: wrong secrets, old starts (rule N3), and peers that are hung up on (T2). */
class PeerRefusalTest extends TwoNetworks {
    @Test
    void aCallerWithAWrongSecretIsCutOffAndNobodyHearsIt() throws Exception {
        int port = freePort();
        var b = new Side(B, SECRET);
        b.listen(port, ECHO);
        var stranger = new Side(A, "k1:ff112233445566778899aabbccddeeff");
        stranger.call(B, port);
        var known = new Side(new NodeId(new UUID(0xA, 9)), SECRET);
        known.call(B, port);
        known.sendUntilReplied(B, "k");

        assertTrue(stranger.send(B, "k").get(5, TimeUnit.SECONDS).lost());
        assertTrue(stranger.ears.heard.isEmpty());
        assertFalse(b.ears.heard.contains(A));
    }

    /** Rule T2. */
    @Test
    void t2_hangingUpOnAPeerClosesTheLinksOfBothDirections() throws Exception {
        int portOfA = freePort();
        int portOfB = freePort();
        var a = new Side(A, SECRET);
        var b = new Side(B, SECRET);
        a.listen(portOfA, ECHO);
        b.listen(portOfB, (from, partition, lastChanged, request, reply) -> {});
        a.call(B, portOfB);
        b.call(A, portOfA);
        a.told.reached.take();
        b.told.reached.take();
        gossipUntilHeard(a, b, B, portOfB, gossip(A, portOfA));
        gossipUntilHeard(b, a, A, portOfA, gossip(B, portOfB));
        awaitLink(a, B);
        awaitLink(b, A);
        CompletableFuture<Result> waiting = a.send(B, "never answered");

        a.gossipContext.runOnContext(nothing -> a.gossip.hangUp(B));

        assertTrue(waiting.get(5, TimeUnit.SECONDS).lost());
        assertEquals(B, a.told.reached.take(), "and called anew");
        assertEquals(A, b.told.reached.take(), "and called anew by the other");
    }

    /** Rule N3: who is turned away hears why, and is let in by nobody's mistake. */
    @Test
    void n3_aStartThatIsTurnedAwayHearsWhy() throws Exception {
        int port = freePort();
        var restored = new Side(A, SECRET, new VertxOptions(), new BootId(3, 3));
        var b = new Side(B, SECRET);
        b.gate.refused = new BootId(3, 3);
        b.listen(port, ECHO);

        restored.call(B, port);

        assertEquals("start 3 is over", restored.gate.turnedAway.take());
        assertTrue(b.told.received.isEmpty());
    }

    /** Rule N3: and its listening end is not spoken with. */
    @Test
    void n3_aListenerOfAnOldStartIsNotSpokenWith() throws Exception {
        int port = freePort();
        var restored = new Side(B, SECRET, new VertxOptions(), new BootId(3, 3));
        var received = new CompletableFuture<PeerRequest>();
        restored.listen(port, (from, partition, lastChanged, request, reply) -> received.complete(request));
        var a = new Side(A, SECRET);
        a.gate.refused = new BootId(3, 3);

        a.call(B, port);

        for (int i = 0; i < 20; i++) {
            assertTrue(a.send(B, "k").get(5, TimeUnit.SECONDS).lost());
        }
        assertFalse(received.isDone());
        assertTrue(a.ears.heard.isEmpty());
    }
}
