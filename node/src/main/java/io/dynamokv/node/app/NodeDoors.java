package io.dynamokv.node.app;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import io.dynamokv.core.version.ContextCodec;
import io.dynamokv.node.port.Answer;
import io.dynamokv.node.port.ContextCodecs;
import io.dynamokv.node.port.Exchanges;
import io.dynamokv.node.port.Figure;
import io.dynamokv.node.port.MapSource;
import io.dynamokv.node.port.NodeAdmin;
import io.dynamokv.node.port.NodeFigures;
import io.dynamokv.node.port.RequestExecutor;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where the doors lead while there is no node behind them yet, or no more: HTTP listens before the directory is open. */
@Singleton
public final class NodeDoors implements RequestExecutor, MapSource, NodeAdmin, NodeFigures, ContextCodecs {
    private static final Adoption NOT_OPEN =
            new Adoption.Refused("the node's directory is not open: the node starts, or it stops");

    private volatile @Nullable RunningNode node;
    private volatile boolean draining;

    void open(RunningNode opened) {
        node = opened;
    }

    /** From now on clients' requests are turned away; what is under way goes on, and so does what peers ask. */
    void drain() {
        draining = true;
    }

    void close() {
        node = null;
    }

    @Override
    public void execute(ClientRequest request, int bytes, Consumer<Answer> answer) {
        RunningNode running = node;
        if (running == null || draining) {
            answer.accept(new Answer.NotServing());
        } else {
            running.execute(request, bytes, answer);
        }
    }

    @Override
    public Optional<NodeId> self() {
        RunningNode running = node;
        return running == null ? Optional.empty() : Optional.of(running.id());
    }

    @Override
    public Optional<ClusterMap> map() {
        RunningNode running = node;
        return running == null ? Optional.empty() : running.map();
    }

    @Override
    public MapChain chain() {
        RunningNode running = node;
        return running == null ? MapChain.EMPTY : running.chain();
    }

    @Override
    public boolean isReady() {
        RunningNode running = node;
        return running != null && !draining && running.isMember();
    }

    @Override
    public Map<NodeId, NodeAddress> addresses() {
        RunningNode running = node;
        return running == null ? Map.of() : running.addresses();
    }

    @Override
    public Liveness liveness(NodeId other) {
        RunningNode running = node;
        return running == null ? Liveness.DOWN : running.liveness(other);
    }

    @Override
    public Map<NodeId, Long> hintsWaiting() {
        RunningNode running = node;
        return running == null ? Map.of() : running.hintsWaiting();
    }

    @Override
    public long livenessSinceMillis(NodeId other) {
        RunningNode running = node;
        return running == null ? 0 : running.livenessSinceMillis(other);
    }

    @Override
    public Optional<ContextCodec> ofThisThread() {
        RunningNode running = node;
        return running == null ? Optional.empty() : Optional.of(running.ofThisThread());
    }

    @Override
    public boolean isAuthorized(String bearerToken) {
        RunningNode running = node;
        return running != null && running.isAuthorized(bearerToken);
    }

    @Override
    public Optional<Status> status() {
        RunningNode running = node;
        return running == null ? Optional.empty() : Optional.of(running.status(draining));
    }

    @Override
    public OptionalLong figure(Figure figure) {
        RunningNode running = node;
        return running == null ? OptionalLong.empty() : OptionalLong.of(Figures.of(running, figure));
    }

    @Override
    public Exchanges exchanges() {
        RunningNode running = node;
        return running == null ? Exchanges.NONE : running.exchanges();
    }

    @Override
    public Optional<Exchanges> repair(boolean rebuild) {
        RunningNode running = node;
        return running == null ? Optional.empty() : Optional.of(running.repair(rebuild));
    }

    @Override
    public Adoption join(ClusterId clusterId, ClusterMap map, MapChain chain, List<Peer> peers) {
        RunningNode running = node;
        return running == null ? NOT_OPEN : running.join(clusterId, map, chain, peers);
    }

    @Override
    public Adoption adopt(ClusterMap map, MapChain chain) {
        RunningNode running = node;
        return running == null ? NOT_OPEN : running.adopt(map, chain);
    }
}
