package io.dynamokv.node.transport;

import io.dynamokv.core.cluster.ClusterSecret;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.node.port.PeerExecutor;
import io.dynamokv.node.port.PeerLinks;
import io.dynamokv.node.port.PeerObserver;
import io.dynamokv.node.wire.Handshake;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * All peer links of a node. Each shard calls each peer on a link of its own, on the shard's event loop, so that a request and its reply
 * never change threads on the calling side (ADR 002).
 */
public final class PeerNetwork {
    private final Vertx vertx;
    private final Handshake.Identity self;
    private final Supplier<ClusterSecret> secret;
    private final PeerObserver observer;
    private final TransportSettings settings;
    private final List<ShardLinks> shards = new ArrayList<>();
    private final List<NetServer> servers = new ArrayList<>();

    public PeerNetwork(
            Vertx vertx,
            Handshake.Identity self,
            Supplier<ClusterSecret> secret,
            PeerObserver observer,
            TransportSettings settings) {
        this.vertx = vertx;
        this.self = self;
        this.secret = secret;
        this.observer = observer;
        this.settings = settings;
    }

    /** With the secret as it is now. */
    private Handshake handshake() {
        return new Handshake(self, secret.get());
    }

    /** Listens on every context given, which share the connections; completes when all listen. */
    public Future<Void> listen(String host, int port, List<Context> contexts, PeerExecutor executor) {
        List<Future<Void>> listening = new ArrayList<>();
        for (Context context : contexts) {
            NetServer server = vertx.createNetServer(
                    new NetServerOptions().setTcpNoDelay(true).setReuseAddress(true));
            servers.add(server);
            server.connectHandler(
                    socket -> new PeerListener(vertx, socket, handshake(), executor, this::callBack, settings).begin());
            listening.add(onContext(context, () -> server.listen(port, host).mapEmpty()));
        }
        return Future.all(listening).mapEmpty();
    }

    /** Calls nobody and answers nobody any more: to be done before the event loops end, or a peer that calls meets their ruins. */
    public Future<Void> close() {
        call(Map.of());
        return Future.join(servers.stream().map(NetServer::close).toList()).mapEmpty();
    }

    private interface Starting {
        Future<Void> start();
    }

    private static Future<Void> onContext(Context context, Starting starting) {
        return Future.future(
                done -> context.runOnContext(nothing -> starting.start().onComplete(done)));
    }

    /** The links of the shard that runs on this context. */
    public PeerLinks linksFor(Context context) {
        var links = new ShardLinks(context);
        shards.add(links);
        return links;
    }

    /** Calls these peers and no others; known ones that moved are called at their new address. From any thread. */
    public void call(Map<NodeId, NodeAddress> peers) {
        for (ShardLinks shard : shards) {
            shard.context.runOnContext(nothing -> shard.call(peers));
        }
    }

    /** Breaks all links to a peer that is down, so that whoever waits for it is told. From any thread. */
    public void hangUp(NodeId peer) {
        for (ShardLinks shard : shards) {
            shard.context.runOnContext(nothing -> shard.hangUp(peer));
        }
    }

    /**
     * A peer that calls is there to be called. Without this: 1. it is down, and the pauses between calls grow; 2. it starts and calls; 3. it
     * counts as alive, and what is sent to it is lost until the pause is over.
     */
    private void callBack(Handshake.Identity peer, String seenAt) {
        for (ShardLinks shard : shards) {
            shard.context.runOnContext(nothing -> shard.callBack(peer, seenAt));
        }
    }

    private final class ShardLinks implements PeerLinks {
        private final Context context;
        private final Map<NodeId, PeerCaller> callers = new HashMap<>();
        private final NetClient client;

        private ShardLinks(Context context) {
            this.context = context;
            client = vertx.createNetClient(
                    new NetClientOptions().setTcpNoDelay(true).setConnectTimeout(settings.connectTimeoutMillis()));
            context.runOnContext(nothing -> vertx.setPeriodic(
                    settings.pingIntervalMillis(), timer -> callers.values().forEach(PeerCaller::ping)));
        }

        private void call(Map<NodeId, NodeAddress> peers) {
            callers.entrySet().removeIf(entry -> {
                if (!peers.containsKey(entry.getKey())) {
                    entry.getValue().stop();
                    return true;
                }
                return false;
            });
            peers.forEach((peer, address) -> {
                PeerCaller known = callers.get(peer);
                if (known == null) {
                    var caller = new PeerCaller(
                            vertx, context, client, peer, address, PeerNetwork.this::handshake, observer, settings);
                    callers.put(peer, caller);
                    caller.call();
                } else {
                    known.moveTo(address);
                }
            });
        }

        private void callBack(Handshake.Identity peer, String seenAt) {
            PeerCaller caller = callers.get(peer.node());
            if (caller != null) {
                caller.callNow(peer.boot(), seenAt);
            }
        }

        private void hangUp(NodeId peer) {
            PeerCaller caller = callers.get(peer);
            if (caller != null) {
                caller.hangUp();
            }
        }

        @Override
        public void send(NodeId to, int partition, Epoch lastChanged, PeerRequest request, Listener listener) {
            PeerCaller caller = callers.get(to);
            if (caller == null) {
                context.runOnContext(nothing -> listener.lost(to, false));
            } else {
                caller.send(partition, lastChanged, request, listener);
            }
        }

        @Override
        public void flush() {
            callers.values().forEach(PeerCaller::flush);
        }
    }
}
