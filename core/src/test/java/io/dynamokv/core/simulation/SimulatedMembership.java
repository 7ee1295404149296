package io.dynamokv.core.simulation;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.membership.PeerMonitor;
import io.dynamokv.core.membership.Swim;
import io.dynamokv.core.membership.SwimEffect;
import io.dynamokv.core.membership.SwimMessage;
import io.dynamokv.core.membership.SwimSettings;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a simulated node believes of the others, from a start to its end: as in the shell the worse of what its own links say, asked a few times a second,
 * and of what gossip says. Both are the real machines at their defaults. Where nodes are is the same all the time.
 */
final class SimulatedMembership {
    private static final int TICK_MILLIS = 100;
    private static final int QUIET_TICK_MILLIS = 500;
    private static final int PULSE_MILLIS = 300;
    private static final NodeAddress ADDRESS = new NodeAddress("10.244.0.1", 7000, 8080);

    private final SimulatedNode node;
    private final Cluster cluster;
    private final Swim swim;
    private final PeerMonitor links;
    private final Set<NodeId> peers;
    /** What was believed of each when that last changed, and how often that became DOWN. */
    private final Map<NodeId, Liveness> believed = new LinkedHashMap<>();

    private final Map<NodeId, Integer> timesDown = new LinkedHashMap<>();
    private boolean runs;

    SimulatedMembership(SimulatedNode node, Cluster cluster) {
        this.node = node;
        this.cluster = cluster;
        peers = new LinkedHashSet<>(cluster.walk().walk());
        swim = new Swim(
                new Swim.Identity(node.id(), node.boot(), ADDRESS),
                SwimSettings.DEFAULT,
                SeededProperty.GENERATORS.create(cluster.random().nextLong()),
                nowMillis());
        swim.members(peers);
        peers.remove(node.id());
        links = new PeerMonitor(PeerMonitor.Settings.DEFAULT, nowMillis());
        peers.forEach(peer -> {
            swim.learn(peer, ADDRESS);
            links.add(peer, nowMillis());
        });
        perform(swim.mapEpoch(Epoch.FIRST));
    }

    Liveness liveness(NodeId peer) {
        if (cluster.plan().mutation() == Mutation.DOWN_FOR_GOOD && timesDown(peer) > 0) {
            return Liveness.DOWN;
        }
        Liveness byLinks = links.liveness(peer);
        Liveness byGossip = swim.liveness(peer);
        return byLinks.compareTo(byGossip) > 0 ? byLinks : byGossip;
    }

    /** How often it was found down: also between two looks at {@link #liveness}. */
    int timesDown(NodeId peer) {
        return timesDown.getOrDefault(peer, 0);
    }

    private void changed(NodeId peer) {
        Liveness now = liveness(peer);
        if (now != believed.put(peer, now) && now == Liveness.DOWN) {
            countDown(peer);
        }
    }

    void countDown(NodeId peer) {
        timesDown.merge(peer, 1, Integer::sum);
    }

    boolean seesAll() {
        return peers.stream().allMatch(peer -> liveness(peer) == Liveness.ALIVE);
    }

    /** As long as the cluster wants to know. */
    void run() {
        if (!runs) {
            runs = true;
            tick();
            pulse();
        }
    }

    private void tick() {
        if (!cluster.watchesMembers()) {
            runs = false;
            return;
        }
        perform(swim.tick(nowMillis()));
        node.later(swim.isQuiet() ? QUIET_TICK_MILLIS : TICK_MILLIS, this::tick);
    }

    private void pulse() {
        if (!cluster.watchesMembers()) {
            return;
        }
        told(links.tick(nowMillis()));
        for (NodeId peer : peers) {
            links.asked(peer, nowMillis());
            cluster.ping(node, peer);
        }
        node.later(PULSE_MILLIS, this::pulse);
    }

    /** Whatever came from the peer on a link of this node's. */
    void heard(NodeId peer) {
        told(links.heard(peer));
    }

    /** The peer's machine says that nothing listens there. */
    void refused(NodeId peer) {
        told(links.refused(peer));
        perform(swim.refused(peer, nowMillis()));
    }

    void reached(NodeId peer) {
        perform(swim.reached(peer, nowMillis()));
    }

    void received(NodeId from, SwimMessage message) {
        var before = swim.incarnation();
        List<SwimEffect> effects = swim.received(from, message, nowMillis());
        if (swim.incarnation().isAfter(before)) {
            cluster.paths().took(Paths.Path.REFUTED);
        }
        perform(effects);
    }

    private void told(List<PeerMonitor.Change> changes) {
        for (PeerMonitor.Change change : changes) {
            cluster.note(node.id() + " by its links: " + change);
            changed(change.peer());
            if (change.to() == Liveness.DOWN) {
                cluster.paths().took(Paths.Path.DOWN_BY_LINKS);
            }
        }
    }

    private void perform(List<SwimEffect> effects) {
        for (SwimEffect effect : effects) {
            switch (effect) {
                case SwimEffect.Send(NodeId to, NodeAddress _, SwimMessage message) ->
                    cluster.gossip(node, to, message);
                case SwimEffect.Changed changed -> {
                    cluster.note(node.id() + " by gossip: " + changed);
                    changed(changed.member());
                    if (changed.to() == Liveness.DOWN) {
                        cluster.paths().took(Paths.Path.DOWN_BY_GOSSIP);
                    }
                }
                case SwimEffect.HigherEpoch higher -> throw new AssertionError("there is one map, and " + higher);
                case SwimEffect.Moved _ -> {}
            }
        }
    }

    private long nowMillis() {
        return cluster.schedule().nowMillis();
    }
}
