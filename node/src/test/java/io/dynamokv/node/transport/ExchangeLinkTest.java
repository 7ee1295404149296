package io.dynamokv.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.antientropy.ExchangeRequest;
import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.ClusterSecret;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.node.port.PeerLinks;
import io.dynamokv.node.port.PeerObserver;
import io.dynamokv.node.wire.Handshake;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exchanges have links of their own, so that what they move stands before no request. Two nodes, and a relay between that sees which link is which. */
@Timeout(20)
class ExchangeLinkTest {
    private static final String HOST = "127.0.0.1";
    private static final NodeId CALLER = new NodeId(new UUID(1, 1));
    private static final NodeId LISTENER = new NodeId(new UUID(1, 2));
    private static final TransportSettings SETTINGS =
            new TransportSettings(400, 60_000, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 1000);
    /** As the handshake has them. */
    private static final int REQUESTS = 0;

    private static final int EXCHANGES = 2;
    private static final int LONG = 8 << 10;
    private static final Key LONG_KEY = new Key("carts", "k".repeat(LONG));
    private static final PeerRequest EXCHANGE =
            new PeerRequest.Exchange(3, new ExchangeRequest.FetchKeys(List.of(LONG_KEY)));
    private static final PeerRequest FETCH = new PeerRequest.Fetch(new StoreKey(3, LONG_KEY));

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final PeerNetwork caller = network(CALLER);
    private final PeerNetwork listener = network(LISTENER);
    private final PeerLinks links = caller.linksFor(context);
    /** What has come through from the caller, by the links' kind as the first message has it. */
    private final Map<Integer, Long> bytes = new ConcurrentHashMap<>();

    private volatile int refusedKind = -1;

    private static final class Deaf implements PeerObserver {
        @Override
        public void heard(NodeId peer) {
            // whoever is asked answers
        }

        @Override
        public void asked(NodeId peer) {
            // nobody is pinged
        }

        @Override
        public void refused(NodeId peer) {
            // the relay always listens
        }
    }

    private PeerNetwork network(NodeId self) {
        var identity = new Handshake.Identity(new ClusterId(new UUID(9, 9)), self, new BootId(1, 1));
        var secret = ClusterSecret.parse("k1:00112233445566778899aabbccddeeff");
        return new PeerNetwork(vertx, () -> new Handshake(identity, secret), new Deaf(), new OpenGate(), SETTINGS);
    }

    @BeforeEach
    void listen() throws Exception {
        int listenerPort;
        try (var free = new ServerSocket(0)) {
            listenerPort = free.getLocalPort();
        }
        listener.listen(
                        HOST,
                        listenerPort,
                        List.of(context),
                        (from, partition, lastChanged, request, reply) -> reply.accept(new PeerReply.Acknowledged()))
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        NetServer relay = vertx.createNetServer().connectHandler(socket -> relay(socket, listenerPort));
        int port = relay.listen(0, HOST)
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .actualPort();
        caller.call(Map.of(LISTENER, new NodeAddress(HOST, port, 1)));
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void relay(NetSocket from, int listenerPort) {
        from.pause();
        vertx.createNetClient()
                .connect(listenerPort, HOST)
                .onSuccess(to -> {
                    var kind = new int[] {-1};
                    from.handler(chunk -> pass(chunk, from, to, kind));
                    to.handler(from::write);
                    from.closeHandler(closed -> to.close());
                    to.closeHandler(closed -> from.close());
                    from.resume();
                })
                .onFailure(failure -> from.close());
    }

    /** A frame's length, the format and the version stand before the kind. */
    private void pass(Buffer chunk, NetSocket from, NetSocket to, int[] kind) {
        if (kind[0] < 0) {
            kind[0] = chunk.getByte(6);
        }
        if (kind[0] == refusedKind) {
            from.close();
            return;
        }
        bytes.merge(kind[0], (long) chunk.length(), Long::sum);
        to.write(chunk);
    }

    private long bytes(int kind) {
        return bytes.getOrDefault(kind, 0L);
    }

    /** Whether a reply came. */
    private boolean ask(PeerRequest request) throws Exception {
        var replied = new CompletableFuture<Boolean>();
        context.runOnContext(nothing -> {
            links.send(LISTENER, 3, Epoch.FIRST, request, new PeerLinks.Listener() {
                @Override
                public void replied(NodeId from, PeerReply reply) {
                    replied.complete(true);
                }

                @Override
                public void lost(NodeId to, boolean maybeDelivered) {
                    replied.complete(false);
                }
            });
            links.flush();
        });
        return replied.get(5, TimeUnit.SECONDS);
    }

    /** Links come up in their own time. */
    private void askUntilBytesCameBy(int kind, PeerRequest request) throws Exception {
        while (bytes(kind) < LONG) {
            ask(request);
        }
    }

    @Test
    void exchangesAndRequestsHaveALinkEach() throws Exception {
        askUntilBytesCameBy(EXCHANGES, EXCHANGE);
        askUntilBytesCameBy(REQUESTS, FETCH);
        long exchanges = bytes(EXCHANGES);
        long requests = bytes(REQUESTS);

        assertTrue(ask(EXCHANGE));
        assertEquals(requests, bytes(REQUESTS));
        assertTrue(bytes(EXCHANGES) > exchanges + LONG);

        long later = bytes(EXCHANGES);
        assertTrue(ask(FETCH));
        assertEquals(later, bytes(EXCHANGES));
        assertTrue(bytes(REQUESTS) > requests + LONG);
    }

    /** Rolling upgrades: a release from before this kind hangs up on it, and takes exchanges as requests. */
    @Test
    void aPeerThatHangsUpOnLinksOfExchangesIsAskedByTheOther() throws Exception {
        refusedKind = EXCHANGES;

        askUntilBytesCameBy(REQUESTS, EXCHANGE);

        assertTrue(ask(EXCHANGE));
        assertEquals(0, bytes(EXCHANGES));
    }

    /** Rule T2: what lies in it is not read later. */
    @Test
    void t2_hangingUpOnAPeerClosesItsLinkOfExchangesToo() throws Exception {
        askUntilBytesCameBy(EXCHANGES, EXCHANGE);
        var lost = new CompletableFuture<Boolean>();
        context.runOnContext(nothing -> {
            links.send(LISTENER, 3, Epoch.FIRST, EXCHANGE, new PeerLinks.Listener() {
                @Override
                public void replied(NodeId from, PeerReply reply) {
                    lost.complete(false);
                }

                @Override
                public void lost(NodeId to, boolean maybeDelivered) {
                    lost.complete(maybeDelivered);
                }
            });
            caller.hangUp(LISTENER);
        });

        assertTrue(lost.get(5, TimeUnit.SECONDS), "whoever waits is told");
        while (!ask(EXCHANGE)) {
            Thread.onSpinWait();
        }
    }
}
