package io.dynamokv.node.runtime;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.membership.PeerMonitor;
import io.dynamokv.node.port.PeerObserver;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** What this node believes of its peers: feeds the machine under a lock, and lets all threads read without one. */
public final class LivenessTable implements PeerObserver {
    private static final Logger LOG = Logger.getLogger(LivenessTable.class);

    private final PeerMonitor monitor;
    private final Map<NodeId, Liveness> known = new ConcurrentHashMap<>();
    private final Consumer<NodeId> onDown;

    /** @param onDown is called with no lock held, on whatever thread found the peer down */
    public LivenessTable(PeerMonitor.Settings settings, Consumer<NodeId> onDown) {
        monitor = new PeerMonitor(settings, nowMillis());
        this.onDown = onDown;
    }

    public void watch(Collection<NodeId> peers) {
        synchronized (monitor) {
            for (NodeId peer : peers) {
                monitor.add(peer, nowMillis());
                known.put(peer, monitor.liveness(peer));
            }
        }
    }

    /** A peer that nobody watches is DOWN. */
    public Liveness of(NodeId peer) {
        return known.getOrDefault(peer, Liveness.DOWN);
    }

    @Override
    public void heard(NodeId peer) {
        synchronized (monitor) {
            apply(monitor.heard(peer, nowMillis()));
        }
    }

    @Override
    public void refused(NodeId peer) {
        List<PeerMonitor.Change> changes;
        synchronized (monitor) {
            changes = apply(monitor.refused(peer));
        }
        tellDown(changes);
    }

    /** To be called every few dozen milliseconds. */
    public void tick() {
        List<PeerMonitor.Change> changes;
        synchronized (monitor) {
            changes = apply(monitor.tick(nowMillis()));
        }
        tellDown(changes);
    }

    private List<PeerMonitor.Change> apply(List<PeerMonitor.Change> changes) {
        for (PeerMonitor.Change change : changes) {
            known.put(change.peer(), change.to());
            LOG.infof("Peer %s: %s -> %s", change.peer(), change.from(), change.to());
        }
        return changes;
    }

    private void tellDown(List<PeerMonitor.Change> changes) {
        for (PeerMonitor.Change change : changes) {
            if (change.to() == Liveness.DOWN) {
                onDown.accept(change.peer());
            }
        }
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
