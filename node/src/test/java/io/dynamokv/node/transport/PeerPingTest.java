package io.dynamokv.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often peers are asked for a sign of life: each time costs a wake-up at both ends. */
class PeerPingTest {
    private static final NodeId SELF = new NodeId(new UUID(1, 1));
    private static final NodeId PEER = new NodeId(new UUID(1, 2));
    private static final TransportSettings SETTINGS =
            new TransportSettings(400, 60_000, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 1000);

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final AtomicInteger asked = new AtomicInteger();
    private final PeerNetwork network =
            new PeerNetwork(vertx, PeerPingTest::handshake, new Counting(), new OpenGate(), SETTINGS);
    private final PeerLinks links = network.linksFor(context);

    private final class Counting implements PeerObserver {
        @Override
        public void heard(NodeId peer) {
            throw new AssertionError("nobody is there");
        }

        @Override
        public void asked(NodeId peer) {
            assertEquals(PEER, peer);
            asked.incrementAndGet();
        }

        @Override
        public void refused(NodeId peer) {
            // as is to be expected
        }
    }

    private static Handshake handshake() {
        var identity = new Handshake.Identity(new ClusterId(new UUID(9, 9)), SELF, new BootId(1, 1));
        return new Handshake(identity, ClusterSecret.parse("k1:00112233445566778899aabbccddeeff"));
    }

    @BeforeEach
    void call() {
        network.call(Map.of(PEER, new NodeAddress("127.0.0.1", 1, 1)));
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** After all that was begun on the links' thread. */
    private void onTheLinks(Runnable action) {
        var done = new CompletableFuture<Void>();
        context.runOnContext(nothing -> {
            action.run();
            done.complete(null);
        });
        done.join();
    }

    private void ping(int times) {
        for (int i = 0; i < times; i++) {
            network.ping();
        }
        onTheLinks(() -> {});
    }

    private void send() {
        var key = new StoreKey(3, new Key("carts", "k"));
        onTheLinks(() -> links.send(PEER, 3, Epoch.FIRST, new PeerRequest.Fetch(key), new PeerLinks.Listener() {
            @Override
            public void replied(NodeId from, PeerReply reply) {
                throw new AssertionError("nobody is there");
            }

            @Override
            public void lost(NodeId to, boolean maybeDelivered) {
                // as is to be expected
            }
        }));
    }

    @Test
    void aPeerOfWhomNothingIsWantedIsAskedEachFourthTime() {
        ping(20);

        assertEquals(5, asked.get());
    }

    /** It counts that it is asked, also while there is no link to it. */
    @Test
    void aPeerThatIsSentRequestsIsAskedEachTime() {
        for (int i = 1; i <= 10; i++) {
            send();
            ping(1);
            assertEquals(i, asked.get());
        }
        ping(3);
        assertEquals(10, asked.get());
    }
}
