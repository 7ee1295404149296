package io.dynamokv.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.node.port.MapCopy;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Where a peer is called: it moves, comes back, calls from elsewhere, or is called no more. */
class PeerPlacesTest extends TwoNetworks {
    /** A pod that is started again has another address under its name; what the name server allows would keep the old one for an hour. */
    @Test
    void aPeerWhoseNameHasAnotherAddressAfterItsRestartIsReachedAgain() throws Exception {
        int port = freePort();
        var before = new Side(B, SECRET);
        var names = new NameServer(before.vertx, HOST);
        before.listen(port, ECHO);
        var a = new Side(A, SECRET, new VertxOptions().setAddressResolverOptions(resolver(names)));
        a.network.call(Map.of(B, new NodeAddress("node-b.nodes.test", port, 1)));
        assertFalse(a.sendUntilReplied(B, "k").lost());

        String elsewhere = "127.0.0.28";
        var after = new Side(B, SECRET);
        after.listen(elsewhere, port, ECHO);
        names.nowSay(elsewhere);
        before.network.close().toCompletionStage().toCompletableFuture().join();

        assertFalse(a.sendUntilReplied(B, "k").lost());
    }

    /** As the node's own configuration has it. */
    private static AddressResolverOptions resolver(NameServer names) throws IOException {
        var configuration = new Properties();
        try (var file = TwoNetworks.class.getResourceAsStream("/application.properties")) {
            configuration.load(file);
        }
        return new AddressResolverOptions()
                .setServers(List.of("127.0.0.1:" + names.port()))
                .setCacheMaxTimeToLive(Integer.parseInt(
                        configuration.getProperty("quarkus.vertx.resolver.cache-max-time-to-live", "2147483647")))
                .setCacheNegativeTimeToLive(Integer.parseInt(
                        configuration.getProperty("quarkus.vertx.resolver.cache-negative-time-to-live", "0")));
    }

    /** A pod that has moved calls its peers, whose name server still tells the old address. */
    @Test
    void aPeerThatCallsIsCalledBackWhereItCallsFrom() throws Exception {
        int port = freePort();
        int movedPort = freePort();
        var moved = new Side(A, SECRET);
        var b = new Side(B, SECRET);
        moved.listen("127.0.0.1", movedPort, ECHO); // what a loopback caller calls from
        b.listen(port, ECHO);
        b.network.call(Map.of(A, new NodeAddress("127.0.0.97", movedPort, 1)));

        moved.call(B, port);

        assertEquals(A, b.sendUntilReplied(A, "k").peer());
    }

    /**
     * A pod's machine loses its power, the pod starts elsewhere and calls; the old link hangs, and the name server tells the old address. Without
     * the start's number in the handshake the call was forgotten, as there was a link, and the peer was down until the name server knew better.
     */
    @Test
    void aPeerThatHasStartedElsewhereIsCalledThereThoughTheOldLinkHangs() throws Exception {
        int port = freePort();
        int portOfB = freePort();
        var b = new Side(B, SECRET);
        b.listen(portOfB, ECHO);
        var before = new Side(A, SECRET, new VertxOptions(), new BootId(1, 1));
        before.listen("127.0.0.97", port, SILENT);
        b.network.call(Map.of(A, new NodeAddress("127.0.0.97", port, 1)));
        awaitLink(b, A);

        var after = new Side(A, SECRET, new VertxOptions(), new BootId(2, 2));
        after.listen("127.0.0.1", port, ECHO); // what a loopback caller calls from
        after.call(B, portOfB);

        Result result = b.send(A, "k").get(5, TimeUnit.SECONDS);
        while (result.lost() || !result.reply().equals(new PeerReply.Declined(B + " 3 1 " + fetch("k")))) {
            result = b.send(A, "k").get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void aPeerThatComesBackIsCalledAgain() throws Exception {
        int port = freePort();
        var a = new Side(A, SECRET);
        var first = new Side(B, SECRET);
        first.listen(port, ECHO);
        a.call(B, port);
        a.sendUntilReplied(B, "k");
        first.die();
        assertEquals(B, a.ears.refused.take());

        new Side(B, SECRET).listen(port, ECHO);

        assertFalse(a.sendUntilReplied(B, "k").lost());
    }

    /** The pause between two calls has grown to seconds; that the peer calls ends it. */
    @Test
    void aPeerThatCallsIsCalledBackAtOnce() throws Exception {
        int portOfA = freePort();
        int portOfB = freePort();
        var a = new Side(A, SECRET);
        a.listen(portOfA, ECHO);
        a.call(B, portOfB);
        for (int i = 0; i < 6; i++) {
            a.ears.refused.take();
        }

        var b = new Side(B, SECRET);
        b.listen(portOfB, ECHO);
        long startedNanos = System.nanoTime();
        b.call(A, portOfA);
        awaitLink(a, B);
        a.sendUntilReplied(B, "k");

        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
        assertTrue(millis < 1000, () -> "it took " + millis + " ms");
    }

    @Test
    void aPeerThatMovedIsCalledAtItsNewAddress() throws Exception {
        int before = freePort();
        var a = new Side(A, SECRET);
        var old = new Side(B, SECRET);
        old.listen(before, answering("old"));
        a.call(B, before);
        assertEquals(new PeerReply.Declined("old"), a.sendUntilReplied(B, "k").reply());

        int after = freePort();
        new Side(B, SECRET).listen(after, answering("new"));
        a.call(B, after);

        PeerReply reply = a.sendUntilReplied(B, "k").reply();
        while (!reply.equals(new PeerReply.Declined("new"))) {
            reply = a.sendUntilReplied(B, "k").reply();
        }
    }

    @Test
    void aPeerThatIsNoLongerCalledIsLetGo() throws Exception {
        int port = freePort();
        var a = new Side(A, SECRET);
        var b = new Side(B, SECRET);
        var received = new CompletableFuture<Consumer<PeerReply>>();
        b.listen(port, (from, partition, lastChanged, request, reply) -> received.complete(reply));
        a.call(B, port);
        awaitLink(a, B);
        CompletableFuture<Result> waiting = a.send(B, "k");
        Consumer<PeerReply> held = received.get(5, TimeUnit.SECONDS);

        a.network.call(Map.of());

        assertTrue(waiting.get(5, TimeUnit.SECONDS).lost());
        assertFalse(a.send(B, "k").get(5, TimeUnit.SECONDS).maybeDelivered());
        held.accept(new PeerReply.Acknowledged());
    }

    /** It has a map that names the caller, or an older one that does not: it is answered where it called from. */
    @Test
    void whoIsCalledByNobodyIsAnsweredOnItsOwnLink() throws Exception {
        int port = freePort();
        var newcomer = new Side(A, SECRET);
        var b = new Side(B, SECRET);
        b.listen(port, ECHO);
        newcomer.call(B, port);
        assertEquals(B, newcomer.told.reached.take());
        assertTrue(gossipOnce(newcomer, B, port, gossip(A, port)).get(5, TimeUnit.SECONDS));
        assertEquals(A, b.told.received.take().from());

        // What came with the handshake is heard before the link has changed its event loop.
        while (!gossipOnce(b, A, port, gossip(B, port)).get(5, TimeUnit.SECONDS)) {
            Thread.onSpinWait();
        }
        assertEquals(B, newcomer.told.received.take().from());
        b.gossipContext.runOnContext(nothing -> {
            b.gossip.askForMap(A, new Epoch(7));
            b.gossip.flush();
        });
        assertEquals("asked from epoch 7", newcomer.told.received.take().thread());
        var copy = new MapCopy("m".repeat(1 << 20), "chain");
        newcomer.gossipContext.runOnContext(nothing -> {
            newcomer.gossip.giveMap(B, copy);
            newcomer.gossip.flush();
        });
        assertEquals(copy, b.told.maps.take());
    }
}
