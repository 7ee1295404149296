package io.dynamokv.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.membership.SwimMessage;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Gossip has a link and a thread of its own: it comes through while requests are held up, and is lost rather than late. */
class PeerGossipTest extends TwoNetworks {
    /** The context of gossip is the other event loop: a shard that is busy does not keep gossip from coming and being answered. */
    @Test
    void gossipComesThroughWhileAllShardsAreBusy() throws Exception {
        int portOfA = freePort();
        int portOfB = freePort();
        var a = new Side(A, SECRET);
        var b = new Side(B, SECRET);
        a.listen(portOfA, ECHO);
        b.listen(portOfB, ECHO);
        a.call(B, portOfB);
        b.call(A, portOfA);
        SwimMessage question = gossip(A, portOfA);
        SwimMessage answer = gossip(B, portOfB);
        gossipUntilHeard(a, b, B, portOfB, question);
        gossipUntilHeard(b, a, A, portOfA, answer);
        var release = new CompletableFuture<Void>();
        a.context.runOnContext(nothing -> release.join());
        b.context.runOnContext(nothing -> release.join());
        try {
            assertTrue(gossipOnce(a, B, portOfB, question).get(5, TimeUnit.SECONDS));
            Heard heard = b.told.received.poll(5, TimeUnit.SECONDS);
            assertTrue(gossipOnce(b, A, portOfA, answer).get(5, TimeUnit.SECONDS));
            Heard back = a.told.received.poll(5, TimeUnit.SECONDS);

            assertEquals(question, heard == null ? null : heard.message());
            assertEquals(answer, back == null ? null : back.message());
        } finally {
            release.complete(null);
        }
    }

    @Test
    void gossipThatCannotLeaveAtOnceIsLost() throws Exception {
        var a = new Side(A, SECRET);
        int port = freePort();
        assertFalse(gossipOnce(a, B, port, gossip(A, port)).get(5, TimeUnit.SECONDS), "nobody is called");
        a.call(B, port);
        assertFalse(gossipOnce(a, B, port, gossip(A, port)).get(5, TimeUnit.SECONDS), "there is no link");
    }

    /** A release from before gossip closes links of a kind that it does not know. That must not become a storm in its log. */
    @Test
    void aPeerThatHangsUpOnGossipIsLeftAloneAndItsRequestsGoOn() throws Exception {
        int port = freePort();
        var a = new Side(A, SECRET);
        var old = new Side(B, SECRET);
        var server = old.vertx.createNetServer().connectHandler(socket -> socket.handler(hello -> socket.close()));
        server.listen(port, HOST).toCompletionStage().toCompletableFuture().join();
        a.network.call(Map.of(B, new NodeAddress(HOST, port, 1)));

        assertEquals(B, a.told.without.take());
        for (int i = 0; i < 10; i++) {
            assertFalse(gossipOnce(a, B, port, gossip(A, port)).get(5, TimeUnit.SECONDS));
        }
        server.close().toCompletionStage().toCompletableFuture().join();
        old.listen(port, ECHO);

        assertFalse(a.sendUntilReplied(B, "k").lost());
        assertTrue(a.told.reached.isEmpty(), "it is not asked again so soon");
        int portOfA = freePort();
        a.listen(portOfA, ECHO);
        old.call(A, portOfA);
        assertEquals(B, a.told.reached.take(), "until it gossips itself");
    }
}
