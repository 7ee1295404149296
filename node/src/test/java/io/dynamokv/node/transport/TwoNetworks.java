package io.dynamokv.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.ClusterSecret;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Incarnation;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.membership.News;
import io.dynamokv.core.membership.SwimMessage;
import io.dynamokv.core.membership.Update;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.node.port.GossipLinks;
import io.dynamokv.node.port.GossipListener;
import io.dynamokv.node.port.MapCopy;
import io.dynamokv.node.port.PeerExecutor;
import io.dynamokv.node.port.PeerGate;
import io.dynamokv.node.port.PeerLinks;
import io.dynamokv.node.port.PeerObserver;
import io.dynamokv.node.wire.Handshake;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxInternal;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Two networks on the loopback of one JVM, each as a node has one; and what they hear of each other. */
@Timeout(20)
abstract class TwoNetworks {
    static final String HOST = "127.0.0.27";
    static final ClusterId CLUSTER = new ClusterId(new UUID(0xC, 1));
    static final NodeId A = new NodeId(new UUID(0xA, 1));
    static final NodeId B = new NodeId(new UUID(0xB, 2));
    static final String SECRET = "k1:00112233445566778899aabbccddeeff";
    static final int PING_MILLIS = 50;
    static final TransportSettings SETTINGS =
            new TransportSettings(400, 60_000, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 1000);
    final List<Side> opened = new ArrayList<>();

    @AfterEach
    void close() {
        List.copyOf(opened).forEach(Side::die);
    }

    /** What a node hears of its peers. */
    static final class Ears implements PeerObserver {
        final BlockingQueue<NodeId> heard = new LinkedBlockingQueue<>();
        final BlockingQueue<NodeId> refused = new LinkedBlockingQueue<>();

        @Override
        public void heard(NodeId peer) {
            heard.add(peer);
        }

        @Override
        public void asked(NodeId peer) {
            // PeerPingTest asks when
        }

        @Override
        public void refused(NodeId peer) {
            refused.add(peer);
        }
    }

    /** What a node hears by gossip, and on which thread. */
    static final class Told implements GossipListener {
        final BlockingQueue<NodeId> reached = new LinkedBlockingQueue<>();
        final BlockingQueue<Heard> received = new LinkedBlockingQueue<>();
        final BlockingQueue<NodeId> without = new LinkedBlockingQueue<>();
        final BlockingQueue<MapCopy> maps = new LinkedBlockingQueue<>();

        @Override
        public void reached(NodeId peer) {
            reached.add(peer);
        }

        @Override
        public void received(NodeId from, SwimMessage message) {
            received.add(new Heard(from, message, Thread.currentThread().getName()));
        }

        @Override
        public void mapAsked(NodeId from, Epoch newest) {
            received.add(new Heard(from, null, "asked from epoch " + newest));
        }

        @Override
        public void mapGiven(NodeId from, MapCopy copy) {
            maps.add(copy);
        }

        @Override
        public void refused(NodeId peer, NodeAddress address) {
            // the observer's test sees the same
        }

        @Override
        public void withoutGossip(NodeId peer) {
            without.add(peer);
        }
    }

    record Heard(NodeId from, @Nullable SwimMessage message, String thread) {}

    /** Lets everyone pass but one start. */
    static final class Gate implements PeerGate {
        volatile @Nullable BootId refused;
        final BlockingQueue<String> turnedAway = new LinkedBlockingQueue<>();

        @Override
        public Optional<String> whyNot(NodeId peer, BootId boot) {
            return boot.equals(refused) ? Optional.of("start " + boot.number() + " is over") : Optional.empty();
        }

        @Override
        public void turnedAwayBy(NodeId peer, String why) {
            turnedAway.add(why);
        }
    }

    /** What became of a request: a reply, or {@code lost} with what is known. */
    record Result(NodeId peer, PeerReply reply, boolean lost, boolean maybeDelivered) {}

    static final PeerReply NONE = new PeerReply.Declined("lost");

    /** One side: a network with one shard, on an event loop of its own. */
    final class Side {
        final Vertx vertx;
        final Context context;
        final Context gossipContext;
        final Ears ears = new Ears();
        final Told told = new Told();
        final Gate gate = new Gate();
        final PeerNetwork network;
        final PeerLinks links;
        final GossipLinks gossip;

        Side(NodeId self, String secret) {
            this(self, secret, new VertxOptions());
        }

        Side(NodeId self, String secret, VertxOptions options) {
            this(self, secret, options, new BootId(1, 1));
        }

        Side(NodeId self, String secret, VertxOptions options, BootId boot) {
            opened.add(this);
            vertx = Vertx.vertx(options);
            context = vertx.getOrCreateContext();
            var identity = new Handshake.Identity(CLUSTER, self, boot);
            network = new PeerNetwork(
                    vertx, () -> new Handshake(identity, ClusterSecret.parse(secret)), ears, gate, SETTINGS);
            links = network.linksFor(context);
            vertx.setPeriodic(PING_MILLIS, timer -> network.ping());
            gossipContext = ((VertxInternal) vertx).createEventLoopContext();
            gossip = network.gossipFor(gossipContext, told);
        }

        /** As a node that dies: its links break, and it calls nobody any more. */
        void die() {
            opened.remove(this);
            network.call(Map.of());
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }

        void listen(int port, PeerExecutor executor) {
            listen(HOST, port, executor);
        }

        /** What listened there before may not be gone yet. */
        void listen(String host, int port, PeerExecutor executor) {
            boolean listening = false;
            while (!listening) {
                try {
                    network.listen(host, port, List.of(context), executor)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .join();
                    listening = true;
                } catch (CompletionException e) {
                    if (!(e.getCause() instanceof BindException)) {
                        throw e;
                    }
                }
            }
        }

        void call(NodeId peer, int port) {
            network.call(Map.of(peer, new NodeAddress(HOST, port, 1)));
        }

        CompletableFuture<Result> send(NodeId to, String key) {
            var result = new CompletableFuture<Result>();
            context.runOnContext(nothing -> {
                links.send(to, 3, Epoch.FIRST, fetch(key), new PeerLinks.Listener() {
                    @Override
                    public void replied(NodeId from, PeerReply reply) {
                        result.complete(new Result(from, reply, false, true));
                    }

                    @Override
                    public void lost(NodeId from, boolean maybeDelivered) {
                        result.complete(new Result(from, NONE, true, maybeDelivered));
                    }
                });
                links.flush();
            });
            return result;
        }

        /** Sends until a reply comes: the link comes up in its own time. */
        Result sendUntilReplied(NodeId to, String key) throws Exception {
            while (true) {
                Result result = send(to, key).get(5, TimeUnit.SECONDS);
                if (!result.lost()) {
                    return result;
                }
            }
        }
    }

    static PeerRequest fetch(String key) {
        return new PeerRequest.Fetch(new StoreKey(3, new Key("carts", key)));
    }

    static final PeerExecutor ECHO = (from, partition, lastChanged, request, reply) ->
            reply.accept(new PeerReply.Declined(from + " " + partition + " " + lastChanged + " " + request));

    /** Below the ports that the operating system gives to callers, one of whom might get it meanwhile. */
    static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (var socket = new ServerSocket(port, 1, InetAddress.getByName(HOST))) {
                return socket.getLocalPort();
            } catch (BindException _) {
                // taken: try another one
            }
        }
    }

    /** A link that is up and answers nothing. */
    static final PeerExecutor SILENT = (from, partition, lastChanged, request, reply) -> {};

    static PeerExecutor answering(String words) {
        return (from, partition, lastChanged, request, reply) -> reply.accept(new PeerReply.Declined(words));
    }

    static void awaitLink(Side from, NodeId peer) throws InterruptedException {
        assertEquals(peer, from.ears.heard.take());
    }

    static SwimMessage gossip(NodeId from, int port) {
        var word = new Update(from, Liveness.ALIVE, new Incarnation(1, 0), new NodeAddress(HOST, port, 1), null, null);
        return new SwimMessage.Gossip(new News(word, List.of()));
    }

    static CompletableFuture<Boolean> gossipOnce(Side from, NodeId to, int port, SwimMessage message) {
        var left = new CompletableFuture<Boolean>();
        from.gossipContext.runOnContext(nothing -> {
            left.complete(from.gossip.send(to, new NodeAddress(HOST, port, 1), message));
            from.gossip.flush();
        });
        return left;
    }

    /**
     * A link is known to be all the way up when something has come through it after the listener's event loop has let go of it: what came with the
     * handshake is heard before that.
     */
    static void gossipUntilHeard(Side from, Side to, NodeId id, int port, SwimMessage message) throws Exception {
        for (int rounds = 0; rounds < 2; rounds++) {
            Heard heard = null;
            while (heard == null) {
                boolean left = gossipOnce(from, id, port, message).get(5, TimeUnit.SECONDS);
                heard = left ? to.told.received.take() : null;
            }
            var turn = new CompletableFuture<Void>();
            to.context.runOnContext(nothing -> to.context.runOnContext(again -> turn.complete(null)));
            turn.get(5, TimeUnit.SECONDS);
        }
    }
}
