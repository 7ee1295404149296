package io.dynamokv.node.runtime;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.membership.PeerMonitor;
import io.dynamokv.node.port.PeerObserver;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * What this node believes of its peers: the worse of what its own request links say within tenths of a second, and of what all nodes agree on
 * by gossip within seconds. Feeds the machine of the links under a lock, and lets all threads read without one.
 */
public final class LivenessTable implements PeerObserver {
    private static final Logger LOG = Logger.getLogger(LivenessTable.class);

    /**
     * @param byGossip ALIVE where nothing was gossiped of the peer
     * @param sinceMillis of the clock, when the worse of the two last changed
     * @param timesDown how often the worse of the two has become DOWN
     */
    private record Belief(Liveness byLinks, Liveness byGossip, long sinceMillis, int timesDown) {
        private Liveness worse() {
            return byLinks.compareTo(byGossip) > 0 ? byLinks : byGossip;
        }
    }

    private final PeerMonitor monitor;
    private final Map<NodeId, Belief> known = new ConcurrentHashMap<>();
    private final Consumer<NodeId> onDown;
    private final Clock clock;

    /** @param onDown is called with no lock held, on whatever thread found the peer down */
    public LivenessTable(PeerMonitor.Settings settings, Consumer<NodeId> onDown, Clock clock) {
        monitor = new PeerMonitor(settings, nowMillis());
        this.onDown = onDown;
        this.clock = clock;
    }

    public void watch(Collection<NodeId> peers) {
        synchronized (monitor) {
            for (NodeId peer : peers) {
                monitor.add(peer, nowMillis());
                known.putIfAbsent(peer, new Belief(monitor.liveness(peer), Liveness.ALIVE, clock.millis(), 0));
            }
        }
    }

    /** A peer that nobody watches is DOWN. */
    public Liveness of(NodeId peer) {
        Belief belief = known.get(peer);
        return belief == null ? Liveness.DOWN : belief.worse();
    }

    /** How often it was found down so far: also between two looks at {@link #of}. */
    int timesDown(NodeId peer) {
        Belief belief = known.get(peer);
        return belief == null ? 0 : belief.timesDown();
    }

    /** Since when it is so, by the clock; 0 of a peer that nobody watches. */
    public long sinceMillis(NodeId peer) {
        Belief belief = known.get(peer);
        return belief == null ? 0 : belief.sinceMillis();
    }

    @Override
    public void heard(NodeId peer) {
        synchronized (monitor) {
            apply(monitor.heard(peer));
        }
    }

    @Override
    public void asked(NodeId peer) {
        synchronized (monitor) {
            monitor.asked(peer, nowMillis());
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

    /** To be called a few times a second. */
    public void tick() {
        List<PeerMonitor.Change> changes;
        synchronized (monitor) {
            changes = apply(monitor.tick(nowMillis()));
        }
        tellDown(changes);
    }

    /**
     * What the nodes agree on.
     *
     * @param why for the log: who says so
     */
    public void gossiped(NodeId peer, Liveness liveness, String why) {
        synchronized (monitor) {
            Belief before = known.get(peer);
            if (before != null) {
                become(peer, before, before.byLinks(), liveness, why);
            }
        }
    }

    private List<PeerMonitor.Change> apply(List<PeerMonitor.Change> changes) {
        for (PeerMonitor.Change change : changes) {
            Belief before = known.get(change.peer());
            if (before != null) {
                become(change.peer(), before, change.to(), before.byGossip(), "by this node's links");
            }
        }
        return changes;
    }

    private void become(NodeId peer, Belief before, Liveness byLinks, Liveness byGossip, String why) {
        var same = new Belief(byLinks, byGossip, before.sinceMillis(), before.timesDown());
        if (same.worse() == before.worse()) {
            known.put(peer, same);
            return;
        }
        int timesDown = before.timesDown() + (same.worse() == Liveness.DOWN ? 1 : 0);
        known.put(peer, new Belief(byLinks, byGossip, clock.millis(), timesDown));
        LOG.infof("Peer %s: %s -> %s, %s", peer, before.worse(), same.worse(), why);
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
