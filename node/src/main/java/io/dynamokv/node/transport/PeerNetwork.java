package io.dynamokv.node.transport;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.node.port.GossipLinks;
import io.dynamokv.node.port.GossipListener;
import io.dynamokv.node.port.PeerExecutor;
import io.dynamokv.node.port.PeerGate;
import io.dynamokv.node.port.PeerLinks;
import io.dynamokv.node.port.PeerObserver;
import io.dynamokv.node.wire.Frames;
import io.dynamokv.node.wire.GossipMessage;
import io.dynamokv.node.wire.Handshake;
import io.dynamokv.node.wire.LinkKind;
import io.netty.channel.Channel;
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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All peer links of a node. Each shard calls each peer on a link of its own, on the shard's event loop, so that a request and its reply
 * never change threads on the calling side (ADR 002), and on a second one for its exchanges, so that their pages never stand before a request. Gossip has
 * one link to each peer and an event loop to itself.
 */
public final class PeerNetwork {
    /** A link that was given up must not deliver minutes later, when the network is mended, what was sent on it (rule T2). */
    private static final int DISCARD_UNSENT = 0;

    private static final int UNUSED_TURNS_PER_PING = 4;

    private final Vertx vertx;
    private final Supplier<Handshake> handshakes;
    private final PeerObserver observer;
    private final PeerGate gate;
    private final TransportSettings settings;
    private final List<ShardLinks> shards = new ArrayList<>();
    private final List<NetServer> servers = new ArrayList<>();
    private final AcceptedLinks accepted = new AcceptedLinks();
    private final PeerIntake intake;
    private final AtomicLong unsent = new AtomicLong();
    private @Nullable GossipPlace gossip;
    /** The shard that pinged last; as the next one, of the thread that pings alone. */
    private int pinging;

    private int unusedTurns;

    /** @param handshakes with the secret as it is now */
    public PeerNetwork(
            Vertx vertx,
            Supplier<Handshake> handshakes,
            PeerObserver observer,
            PeerGate gate,
            TransportSettings settings) {
        this.vertx = vertx;
        this.handshakes = handshakes;
        this.observer = observer;
        this.gate = gate;
        this.settings = settings;
        intake = new PeerIntake(settings.intakeBytesMax());
    }

    /** Listens on every context given, which share the connections; completes when all listen. */
    public Future<Void> listen(String host, int port, List<Context> contexts, PeerExecutor executor) {
        List<Future<Void>> listening = new ArrayList<>();
        for (Context context : contexts) {
            NetServer server = vertx.createNetServer(
                    new NetServerOptions().setTcpNoDelay(true).setReuseAddress(true));
            servers.add(server);
            var house = new Reception(executor);
            server.connectHandler(socket -> new PeerListener(vertx, socket, house, settings).begin());
            listening.add(onContext(context, () -> server.listen(port, host).mapEmpty()));
        }
        return Future.all(listening).mapEmpty();
    }

    /**
     * Asks the peers for a sign of life: each time while this node sends them requests, else each fourth time, for nobody waits for them. To be called a
     * few times a second, on one thread.
     *
     * @return whether requests were sent since the last time
     */
    public boolean ping() {
        boolean used = false;
        for (ShardLinks shard : shards) {
            used |= shard.wasUsed();
        }
        unusedTurns = used ? 0 : unusedTurns + 1;
        if (unusedTurns % UNUSED_TURNS_PER_PING == 0) {
            pingByTheNextShard();
        }
        return used;
    }

    /** A peer needs to be heard of, not each link: shards take turns, or an idle node of many cores would do nothing but ping. */
    private void pingByTheNextShard() {
        if (!shards.isEmpty()) {
            pinging = (pinging + 1) % shards.size();
            ShardLinks shard = shards.get(pinging);
            shard.context.runOnContext(nothing -> shard.ping());
        }
    }

    /** Calls nobody and answers nobody any more: to be done before the event loops end, or a peer that calls meets their ruins. */
    public Future<Void> close() {
        call(Map.of());
        withGossip(GossipPlace::stop);
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

    /** The links of gossip, on a context that serves nothing else. To be called before any listening and calling. */
    public GossipLinks gossipFor(Context context, GossipListener listener) {
        var made = new GossipPlace(placeOf(context), listener, accepted, this::hangUp);
        gossip = made;
        return made;
    }

    private PeerCaller.Place placeOf(Context context) {
        NetClient client = vertx.createNetClient(new NetClientOptions()
                .setTcpNoDelay(true)
                .setSoLinger(DISCARD_UNSENT)
                .setConnectTimeout(settings.connectTimeoutMillis()));
        return new PeerCaller.Place(vertx, context, client, handshakes, gate, settings, unsent);
    }

    private void withGossip(Consumer<GossipPlace> action) {
        GossipPlace known = gossip;
        if (known != null) {
            known.run(() -> action.accept(known));
        }
    }

    /** Calls these peers and no others; known ones that moved are called at their new address. From any thread. */
    public void call(Map<NodeId, NodeAddress> peers) {
        for (ShardLinks shard : shards) {
            shard.context.runOnContext(nothing -> shard.call(peers));
        }
        withGossip(place -> place.call(peers));
    }

    /** What peers' requests hold that are under way here. From any thread. */
    public long intakeBytes() {
        return intake.bytes();
    }

    /** What this node has for its peers and they have not taken yet. From any thread. */
    public long unsentBytes() {
        return unsent.get();
    }

    /** Breaks the request links to a peer that is down, so that whoever waits for it is told. From any thread. */
    public void hangUp(NodeId peer) {
        for (ShardLinks shard : shards) {
            shard.context.runOnContext(nothing -> shard.hangUp(peer));
        }
    }

    /** Closes all request links, its own and the peers', unread (rule T2); they are called again at once. From any thread. */
    public void hangUpAll() {
        for (ShardLinks shard : shards) {
            shard.context.runOnContext(
                    nothing -> List.copyOf(shard.calling.keySet()).forEach(shard::hangUp));
        }
        accepted.closeEverything();
    }

    /** What the node's listening ends share. */
    private final class Reception implements PeerListener.House {
        private final PeerExecutor executor;

        private Reception(PeerExecutor executor) {
            this.executor = executor;
        }

        @Override
        public PeerIntake intake() {
            return intake;
        }

        @Override
        public AtomicLong unsent() {
            return unsent;
        }

        @Override
        public Handshake handshake() {
            return handshakes.get();
        }

        @Override
        public PeerExecutor executor() {
            return executor;
        }

        @Override
        public Optional<String> whyNot(Handshake.Identity caller) {
            return gate.whyNot(caller.node(), caller.boot());
        }

        /**
         * A peer that calls is there to be called. Without this: 1. it is down, and the pauses between calls grow; 2. it starts and calls; 3. it
         * counts as alive, and what is sent to it is lost until the pause is over.
         */
        @Override
        public void proved(Handshake.Identity caller, LinkKind kind, String from) {
            accepted.closeThoseOfOtherStarts(caller.node(), caller.boot());
            for (ShardLinks shard : shards) {
                shard.context.runOnContext(nothing -> shard.callBack(caller, kind, from));
            }
            withGossip(place -> place.callBack(caller, kind == LinkKind.GOSSIP, from));
        }

        @Override
        public void opened(Handshake.Identity caller, AcceptedLinks.Link link) {
            accepted.add(caller.node(), link);
        }

        @Override
        public void closed(NodeId caller, AcceptedLinks.Link link) {
            accepted.remove(caller, link);
        }

        @Override
        public void gossip(Handshake.Identity caller, Channel channel, Frames frames) {
            GossipPlace place = gossip;
            if (place == null) {
                var _ = channel.close();
            } else {
                place.accept(caller, channel, frames);
            }
        }

        @Override
        public void gossiped(NodeId from, GossipMessage message) {
            GossipPlace place = gossip;
            if (place != null) {
                place.hear(from, message);
            }
        }
    }

    private final class ShardLinks implements PeerLinks {
        /** One of a shard's links to a peer. */
        private record Link(PeerCaller caller, RequestConversation conversation) {}

        private record Calling(Link requests, Link exchanges) {
            void each(Consumer<PeerCaller> action) {
                action.accept(requests.caller);
                action.accept(exchanges.caller);
            }

            /** An older release takes exchanges as requests; so does one whose link is not up yet. */
            RequestConversation linkFor(PeerRequest request) {
                boolean apart = request instanceof PeerRequest.Exchange && exchanges.conversation.isUp();
                return apart ? exchanges.conversation : requests.conversation;
            }
        }

        private final Context context;
        private final Map<NodeId, Calling> calling = new HashMap<>();
        private final PeerCaller.Place place;
        private volatile boolean used;

        private ShardLinks(Context context) {
            this.context = context;
            place = placeOf(context);
        }

        private void ping() {
            calling.forEach((peer, each) -> {
                observer.asked(peer);
                each.requests().conversation().ping();
            });
        }

        /** From any thread: whether anything was sent since it was asked last. */
        private boolean wasUsed() {
            boolean was = used;
            used = false;
            return was;
        }

        private void call(Map<NodeId, NodeAddress> peers) {
            calling.entrySet().removeIf(entry -> {
                if (!peers.containsKey(entry.getKey())) {
                    entry.getValue().each(PeerCaller::stop);
                    return true;
                }
                return false;
            });
            peers.forEach((peer, address) -> {
                Calling known = calling.get(peer);
                if (known == null) {
                    var begun = new Calling(
                            link(LinkKind.REQUESTS, peer, address), link(LinkKind.EXCHANGES, peer, address));
                    calling.put(peer, begun);
                    begun.each(PeerCaller::call);
                } else {
                    known.each(caller -> caller.moveTo(address));
                }
            });
        }

        private Link link(LinkKind kind, NodeId peer, NodeAddress address) {
            var conversation = new RequestConversation(kind, context, peer, observer, settings);
            return new Link(new PeerCaller(place, peer, address, conversation), conversation);
        }

        private void callBack(Handshake.Identity peer, LinkKind kind, String seenAt) {
            Calling known = calling.get(peer.node());
            if (known != null) {
                if (kind == LinkKind.EXCHANGES) {
                    known.exchanges().caller().isKnownToPeer();
                }
                known.each(caller -> caller.callNow(peer.boot(), seenAt));
            }
        }

        private void hangUp(NodeId peer) {
            Calling known = calling.get(peer);
            if (known != null) {
                known.each(PeerCaller::hangUp);
            }
        }

        @Override
        public void send(NodeId to, int partition, Epoch lastChanged, PeerRequest request, Listener listener) {
            used = true;
            Calling known = calling.get(to);
            if (known == null) {
                context.runOnContext(nothing -> listener.lost(to, false));
            } else {
                int share = settings.queuedBytesMax() / (shards.size() * calling.size());
                known.linkFor(request).send(partition, lastChanged, request, listener, share);
            }
        }

        @Override
        public void flush() {
            for (Calling each : calling.values()) {
                each.requests().conversation().flush();
                each.exchanges().conversation().flush();
            }
        }
    }
}
