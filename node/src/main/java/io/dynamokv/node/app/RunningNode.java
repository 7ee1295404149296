package io.dynamokv.node.app;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.ClusterSecret;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.membership.Swim;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import io.dynamokv.core.ring.MapSuccession;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.store.StoreException;
import io.dynamokv.core.version.ContextCodec;
import io.dynamokv.node.config.NodeConfig;
import io.dynamokv.node.port.Answer;
import io.dynamokv.node.port.Exchanges;
import io.dynamokv.node.port.NodeAdmin;
import io.dynamokv.node.port.RequestObserver;
import io.dynamokv.node.runtime.GossipFigures;
import io.dynamokv.node.runtime.LivenessTable;
import io.dynamokv.node.runtime.Membership;
import io.dynamokv.node.runtime.PauseWatch;
import io.dynamokv.node.runtime.StorageNode;
import io.dynamokv.node.storage.DataDirectory;
import io.dynamokv.node.storage.PeerEntry;
import io.dynamokv.node.storage.RocksReplicaStore;
import io.dynamokv.node.storage.StorageStats;
import io.dynamokv.node.transport.PeerNetwork;
import io.dynamokv.node.wire.Handshake;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.runtime.Quarkus;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An open node: its directory and store from the start, and from the first map on its peers and shards. Maps come one at a time, and are on
 * disk before they are served.
 */
final class RunningNode implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(RunningNode.class);
    private static final int SECRET_TICK_MILLIS = 1000;
    private static final long FINISH_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

    /** What exists once there is a map. */
    private record Serving(StorageNode node, PeerNetwork network, LivenessTable liveness, GossipLoop gossip) {}

    /** A thread's codec, and the secret that it was made for. */
    private record Contexts(ClusterSecret secret, ContextCodec codec) {
        static Contexts of(ClusterSecret secret) {
            return new Contexts(secret, new ContextCodec(secret));
        }
    }

    private final NodeConfig config;
    private final NodeSettings settings;
    private final Vertx vertx;
    private final RequestObserver observer;
    private final SecretFile secret;
    private final DataDirectory directory;
    private final PeerBook peers;
    private final RocksReplicaStore store;
    private final ThreadLocal<Contexts> contexts;
    private final Housekeeping housekeeping;
    private final long startedNanos = System.nanoTime();
    private final long startedMillis = Clock.systemUTC().millis();
    private final AtomicLong forks = new AtomicLong();
    private volatile @Nullable Serving serving;

    private RunningNode(
            NodeConfig config,
            NodeSettings settings,
            Vertx vertx,
            RequestObserver observer,
            SecretFile secret,
            DataDirectory directory,
            RocksReplicaStore store) {
        this.config = config;
        this.settings = settings;
        this.vertx = vertx;
        this.observer = observer;
        this.secret = secret;
        this.directory = directory;
        this.store = store;
        peers = new PeerBook(directory, settings.address());
        housekeeping = new Housekeeping(vertx, settings.monitoring().suspectAfterMillis());
        contexts = ThreadLocal.withInitial(() -> Contexts.of(secret.get()));
    }

    /** @throws UnusableException or DirectoryRefusedException if a person must do something first */
    static RunningNode open(NodeConfig config, Vertx vertx, RequestObserver observer) {
        Path path = config.dataDir().orElseThrow(() -> new UnusableException("dynamokv.data-dir is not set"));
        SecretFile secret = SecretFile.open(
                config.secretFile().orElseThrow(() -> new UnusableException("dynamokv.secret-file is not set")));
        NodeSettings settings = NodeSettings.of(config);
        DataDirectory directory = DataDirectory.open(path, settings.expected(), new SecureRandom());
        try {
            RocksReplicaStore store = RocksReplicaStore.open(directory.database(), settings.storage());
            var node = new RunningNode(config, settings, vertx, observer, secret, directory, store);
            LOG.infof(
                    "Node %s, start number %d, in %s",
                    directory.nodeId(), directory.boot().number(), path);
            directory.map().ifPresent(node::serve);
            node.housekeeping.each(SECRET_TICK_MILLIS, secret::readAgain);
            node.housekeeping.begin();
            return node;
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private void serve(ClusterMap map) {
        Serving running = serving;
        if (running == null) {
            running = begin(map);
        }
        running.node().serve(map);
        running.liveness().watch(addresses().keySet());
        running.network().call(addresses());
        Set<NodeId> members = map.members().stream().map(Member::id).collect(Collectors.toUnmodifiableSet());
        running.gossip().membership().serve(map.epoch(), members, peers.places());
        serving = running;
        LOG.infof("Serving %s with epoch %s", map.clusterId(), map.epoch());
    }

    private Serving begin(ClusterMap map) {
        var identity = new Handshake.Identity(map.clusterId(), directory.nodeId(), directory.boot());
        var network = new PeerNetwork[1];
        var clock = Clock.systemUTC();
        var liveness = new LivenessTable(settings.monitoring(), peer -> network[0].hangUp(peer), clock);
        var starts = new PeerStarts(directory, this::executeBlocking, this::turnedAway);
        network[0] = new PeerNetwork(
                vertx, () -> new Handshake(identity, secret.get()), liveness, starts, settings.transport());
        GossipLoop gossip = beginGossip(network[0], liveness);
        List<Context> contextList = contextPerEventLoop();
        List<StorageNode.ShardPlace> places = new ArrayList<>();
        for (Context context : contextList) {
            EventLoop loop = ((ContextInternal) context).nettyEventLoop();
            places.add(new StorageNode.ShardPlace(loop, network[0].linksFor(context)));
        }
        var node = new StorageNode(
                directory.nodeId(),
                directory.boot(),
                store,
                settings.records(),
                liveness,
                settings.runtime(),
                observer,
                clock,
                places,
                this::broke);
        listen(network[0], contextList, node);
        vertx.exceptionHandler(this::uncaught);
        var pauses = new PauseWatch(monotonicMillis());
        housekeeping.eachTurn(() -> {
            tellPause(pauses.tick(monotonicMillis()), network[0]);
            liveness.tick();
            return network[0].ping();
        });
        var disk = new DiskWatch(config.storage().diskUsedPercentMax());
        housekeeping.each(DiskWatch.TICK_MILLIS, () -> watchDisk(node, disk));
        var shedding = new ShedLog();
        housekeeping.each(ShedLog.TICK_MILLIS, () -> shedding.look(refusalsOf(node), monotonicMillis()));
        return new Serving(node, network[0], liveness, gossip);
    }

    private static void tellPause(long millis, PeerNetwork network) {
        if (millis > 0) {
            LOG.warnf(
                    "This node stood still for %d ms: its peer links are closed, and what lay in them is not read",
                    millis);
            network.hangUpAll();
        }
    }

    private static long monotonicMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private GossipLoop beginGossip(PeerNetwork network, LivenessTable liveness) {
        var maps = new PassedMaps(new PassedMaps.Own() {
            @Override
            public Optional<ClusterMap> map() {
                return directory.map();
            }

            @Override
            public MapChain chain() {
                return directory.chain();
            }

            @Override
            public NodeAdmin.Adoption adopt(ClusterMap map, MapChain chain) {
                return RunningNode.this.adopt(map, chain);
            }
        });
        var identity = new Swim.Identity(directory.nodeId(), directory.boot(), peers.own());
        var others = new Membership.Others(
                liveness, (peer, address) -> moved(network, liveness, peer, address), maps, this::executeBlocking);
        return GossipLoop.begin(
                (VertxInternal) vertx,
                loop -> new Membership(identity, settings.membership(), loop, others),
                network::gossipFor);
    }

    /** By all links at once, and by later starts of this node. */
    private void moved(PeerNetwork network, LivenessTable liveness, NodeId peer, NodeAddress address) {
        peers.moved(peer, address);
        liveness.watch(Set.of(peer));
        network.call(addresses());
        executeBlocking(() -> peers.keep(peer, address));
    }

    private void executeBlocking(Runnable task) {
        vertx.executeBlocking(
                        () -> {
                            task.run();
                            return null;
                        },
                        false)
                .onFailure(failure -> LOG.errorf(failure, "What was done for gossip failed: %s", failure.getMessage()));
    }

    /**
     * What this node would write under its id was written before, or is written by another: it ends, and its directory is not used again
     * (rule N3).
     */
    private void turnedAway(NodeId peer, String why) {
        LOG.errorf(
                "Node %s turns this node away and it stops: %s. Its directory is an old copy of a node's, or another process runs on a copy of it;"
                        + " the next start moves it aside and begins as a new node",
                peer, why);
        executeBlocking(() -> {
            try {
                directory.turnAway(why);
            } finally {
                Quarkus.asyncExit(NodeApplication.UNUSABLE);
            }
        });
    }

    private void listen(PeerNetwork network, List<Context> contextList, StorageNode node) {
        try {
            network.listen(config.host(), config.peerPort(), contextList, node)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new UnusableException(
                    "cannot listen for peers at " + config.host() + ":" + config.peerPort() + ": " + e.getMessage(), e);
        }
    }

    private List<Context> contextPerEventLoop() {
        var internal = (VertxInternal) vertx;
        List<Context> made = new ArrayList<>();
        for (EventExecutor loop : internal.getEventLoopGroup()) {
            made.add(internal.createEventLoopContext(
                    (EventLoop) loop, null, Thread.currentThread().getContextClassLoader()));
        }
        return made;
    }

    private ShedLog.Seen refusalsOf(StorageNode node) {
        long refused = observer.overloaded() + node.forwardedRefused();
        return new ShedLog.Seen(refused, node.underWayRequests(), node.underWayRequestsMax());
    }

    private void watchDisk(StorageNode node, DiskWatch disk) {
        try {
            directory.requireInPlace();
        } catch (StoreException e) {
            broke(e);
            return;
        }
        node.diskNearlyFull(disk.isNearlyFull(directory.diskUsedPercent()));
    }

    /**
     * What the store holds is no longer known, or memory ran out and nothing works that needs some: stop at once, and let the next start recover
     * the log. A node that stays up and useless would be worse than none.
     */
    private void broke(Throwable failure) {
        LOG.errorf(failure, "The node is broken and stops: %s", failure.getMessage());
        Quarkus.asyncExit(NodeApplication.STORAGE_BROKEN);
    }

    /** What nobody caught on an event loop. The JVM does not exit by itself when direct memory runs out. */
    private void uncaught(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            broke(failure);
        } else {
            LOG.error("Uncaught on an event loop", failure);
        }
    }

    void execute(ClientRequest request, int bytes, Consumer<Answer> answer) {
        Serving running = serving;
        if (running == null) {
            answer.accept(new Answer.NotServing());
        } else {
            running.node().execute(request, bytes, answer);
        }
    }

    NodeId id() {
        return directory.nodeId();
    }

    Optional<ClusterMap> map() {
        return storageNode().flatMap(StorageNode::map);
    }

    MapChain chain() {
        return directory.chain();
    }

    boolean isMember() {
        return map().flatMap(map -> map.member(directory.nodeId())).isPresent();
    }

    Map<NodeId, NodeAddress> addresses() {
        return peers.addresses();
    }

    Liveness liveness(NodeId other) {
        Serving running = serving;
        if (other.equals(directory.nodeId())) {
            return Liveness.ALIVE;
        }
        return running == null ? Liveness.DOWN : running.liveness().of(other);
    }

    long livenessSinceMillis(NodeId other) {
        Serving running = serving;
        if (other.equals(directory.nodeId())) {
            return startedMillis;
        }
        return running == null ? 0 : running.liveness().sinceMillis(other);
    }

    ContextCodec ofThisThread() {
        ClusterSecret current = secret.get();
        Contexts known = contexts.get();
        if (known.secret() != current) {
            known = Contexts.of(current);
            contexts.set(known);
        }
        return known.codec();
    }

    boolean isAuthorized(String bearerToken) {
        return secret.get().isBearerToken(bearerToken);
    }

    NodeAdmin.Status status(boolean draining) {
        return new NodeAdmin.Status(
                directory.nodeId(),
                config.name().orElseGet(NodeSettings::hostName),
                peers.own(),
                directory.clusterId(),
                directory.boot().number(),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos),
                draining,
                directory.diskUsedPercent());
    }

    synchronized NodeAdmin.Adoption join(
            ClusterId clusterId, ClusterMap map, MapChain chain, List<NodeAdmin.Peer> named) {
        if (!map.clusterId().equals(clusterId)) {
            throw new IllegalArgumentException("clusterId is " + clusterId + " and the map's is " + map.clusterId());
        }
        if (map.member(directory.nodeId()).isEmpty()) {
            throw new IllegalArgumentException("map: this node, " + directory.nodeId() + ", is no member of it");
        }
        return consider(
                map,
                chain,
                () -> directory.keepPeers(named.stream()
                        .map(peer -> new PeerEntry(peer.id(), peer.name(), peer.address()))
                        .toList()));
    }

    synchronized NodeAdmin.Adoption adopt(ClusterMap map, MapChain chain) {
        if (directory.map().isEmpty()) {
            return new NodeAdmin.Adoption.Refused("the node has not joined a cluster yet: use join");
        }
        return consider(map, chain, () -> {});
    }

    private NodeAdmin.Adoption consider(ClusterMap map, MapChain chain, Runnable beforeItIsTaken) {
        Optional<ClusterId> own = directory.clusterId();
        if (own.isPresent() && !own.get().equals(map.clusterId())) {
            return new NodeAdmin.Adoption.Refused(
                    "the node belongs to cluster " + own.get() + ", the map to " + map.clusterId());
        }
        return switch (MapSuccession.judge(directory.map(), directory.chain(), map, chain)) {
            case MapSuccession.Verdict.Accepted(MapChain longer) -> {
                beforeItIsTaken.run();
                if (directory.map().filter(map::equals).isEmpty()) {
                    directory.adopt(map, longer);
                }
                serve(map);
                yield new NodeAdmin.Adoption.Adopted();
            }
            case MapSuccession.Verdict.Refused(String why) -> new NodeAdmin.Adoption.Refused(why);
            case MapSuccession.Verdict.Forked(String why) -> {
                forks.incrementAndGet();
                LOG.errorf("A map was refused that is of an epoch of which this node has another one: %s", why);
                yield new NodeAdmin.Adoption.Forked(why);
            }
        };
    }

    Exchanges exchanges() {
        return storageNode().map(StorageNode::exchanges).orElse(Exchanges.NONE);
    }

    Exchanges repair(boolean rebuild) {
        storageNode().ifPresent(running -> running.repair(rebuild));
        return exchanges();
    }

    Map<NodeId, Long> hintsWaiting() {
        return storageNode().map(StorageNode::hintsWaiting).orElse(Map.of());
    }

    /** What there is while a map is served. */
    Optional<StorageNode> storageNode() {
        return Optional.ofNullable(serving).map(Serving::node);
    }

    Optional<PeerNetwork> network() {
        return Optional.ofNullable(serving).map(Serving::network);
    }

    Optional<GossipFigures> gossip() {
        return Optional.ofNullable(serving)
                .map(running -> running.gossip().membership().figures());
    }

    StorageStats storeStats() {
        return store.stats();
    }

    long diskUsableBytes() {
        return directory.usableBytes();
    }

    /** Maps refused because the node has another one of their epoch. */
    long forks() {
        return forks.get();
    }

    /** Waits for what is under way, as long as requests may take at most. */
    void finishRequests() {
        Serving running = serving;
        long deadlineNanos = System.nanoTime() + FINISH_NANOS_MAX;
        while (running != null && running.node().underWayBytes() > 0 && System.nanoTime() - deadlineNanos < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Override
    public void close() {
        Serving running = serving;
        serving = null;
        if (running != null) {
            running.gossip().membership().stop();
            running.network().close().toCompletionStage().toCompletableFuture().join();
            running.node().close();
        }
        store.close();
        directory.close();
    }
}
