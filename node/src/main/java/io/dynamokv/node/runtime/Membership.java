package io.dynamokv.node.runtime;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Incarnation;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.membership.Swim;
import io.dynamokv.core.membership.SwimEffect;
import io.dynamokv.core.membership.SwimMessage;
import io.dynamokv.core.membership.SwimSettings;
import io.dynamokv.node.port.GossipLinks;
import io.dynamokv.node.port.GossipListener;
import io.dynamokv.node.port.MapCopy;
import io.dynamokv.node.port.MapExchange;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.random.RandomGeneratorFactory;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link Swim} as its package asks for: on one event loop, with ticks, the map's members and its epoch; performs the effects. What gossip
 * says of a member goes to the {@link LivenessTable}, unless the member has no gossip, so that its silence means nothing.
 */
public final class Membership implements GossipListener {
    private static final Logger LOG = Logger.getLogger(Membership.class);
    private static final int TICK_MILLIS_MAX = 100;
    private static final int TICKS_PER_TIMEOUT = 5;
    private static final int QUIET_TICKS_PER_PAUSE = 2;
    private static final String RANDOM = "L64X128MixRandom";

    /**
     * Who else has a part in it.
     *
     * @param moved hears where a member says that it is, on the thread of gossip
     * @param mayBlock runs what asks the exchange
     */
    public record Others(
            LivenessTable liveness, BiConsumer<NodeId, NodeAddress> moved, MapExchange maps, Executor mayBlock) {}

    /** Where gossip is run. */
    public interface Loop extends Executor {
        void executeAfter(Runnable task, long millis);
    }

    private final NodeId self;
    private final Loop loop;
    private final Others others;
    private final int tickMillis;
    /** Each tick wakes a thread, and that is most of what an idle node costs. */
    private final int quietTickMillis;

    private final int lookMillis;
    private final Swim swim;
    private final MapFetch fetch = new MapFetch();
    private final GossipFigures figures = new GossipFigures();
    /** The members of which gossip counts. */
    private final Set<NodeId> counted = new HashSet<>();
    /** Members that hang up on gossip. */
    private final Set<NodeId> withoutGossip = new HashSet<>();
    /** Where each may be found that has not said where it is. */
    private final Map<NodeId, List<NodeAddress>> hints = new HashMap<>();

    private Set<NodeId> members = Set.of();
    private Epoch epoch = Epoch.FIRST;
    private Incarnation incarnation;
    private boolean giving;
    private int looks;
    private long lookedMillis;
    /** One that was planned for another time is left out. */
    private long nextTickMillis = Long.MAX_VALUE;

    private @Nullable GossipLinks links;
    private volatile boolean stopped;

    public Membership(Swim.Identity identity, SwimSettings settings, Loop loop, Others others) {
        self = identity.node();
        this.loop = loop;
        this.others = others;
        tickMillis = Math.clamp(settings.probing().timeoutMillis() / TICKS_PER_TIMEOUT, 1, TICK_MILLIS_MAX);
        quietTickMillis = Math.max(
                1,
                Math.min(settings.probing().timeoutMillis(), settings.probing().pauseMillis() / QUIET_TICKS_PER_PAUSE));
        lookMillis = settings.probing().periodMillis();
        var random = RandomGeneratorFactory.of(RANDOM).create(new SecureRandom().nextLong());
        swim = new Swim(identity, settings, random, nowMillis());
        incarnation = swim.incarnation();
    }

    /** From any thread, once. */
    public void begin(GossipLinks ways) {
        loop.execute(() -> {
            links = ways;
            tick();
        });
    }

    /** From any thread; nothing is sent any more, and nobody is told of changes. */
    public void stop() {
        stopped = true;
    }

    /**
     * The map that this node serves from now on, which is on disk. From any thread.
     *
     * @param addresses where each of the others may be: last known, and as the join had it
     */
    public void serve(Epoch served, Set<NodeId> named, Map<NodeId, List<NodeAddress>> addresses) {
        Set<NodeId> copy = Set.copyOf(named);
        Map<NodeId, List<NodeAddress>> candidates = Map.copyOf(addresses);
        loop.execute(() -> {
            members = copy;
            epoch = served;
            hints.clear();
            hints.putAll(candidates);
            counted.retainAll(copy);
            withoutGossip.retainAll(copy);
            fetch.begunAnew();
            swim.members(copy);
            hints.forEach((member, known) -> swim.learn(member, known.getFirst()));
            perform(swim.mapEpoch(served), null);
            count();
        });
    }

    public GossipFigures figures() {
        return figures;
    }

    private void tick() {
        if (stopped) {
            return;
        }
        nextTickMillis = Long.MAX_VALUE;
        try {
            long now = nowMillis();
            lookElsewhere(now);
            perform(swim.tick(now), null);
        } finally {
            tickWithin(swim.isQuiet() ? quietTickMillis : tickMillis);
        }
    }

    private void tickWithin(int millis) {
        long dueMillis = nowMillis() + millis;
        if (dueMillis < nextTickMillis) {
            nextTickMillis = dueMillis;
            loop.executeAfter(
                    () -> {
                        if (dueMillis == nextTickMillis) {
                            tick();
                        }
                    },
                    millis);
        }
    }

    /** A member that is not there may be where it once was, or where it was said to be at the join: each in turn. */
    private void lookElsewhere(long now) {
        if (now - lookedMillis < lookMillis) {
            return;
        }
        lookedMillis = now;
        looks++;
        hints.forEach((member, known) -> {
            if (known.size() > 1 && swim.liveness(member) != Liveness.ALIVE) {
                // The machine itself goes back and forth between its hint and the member's own word, so each hint stays
                // for two looks.
                swim.learn(member, known.get(looks / 2 % known.size()));
            }
        });
    }

    @Override
    public void reached(NodeId peer) {
        perform(swim.reached(peer, nowMillis()), null);
    }

    @Override
    public void received(NodeId from, SwimMessage message) {
        withoutGossip.remove(from);
        List<SwimEffect> effects = swim.received(from, message, nowMillis());
        countIn(from, "it speaks for itself");
        perform(effects, from);
    }

    @Override
    public void refused(NodeId peer, NodeAddress address) {
        if (swim.address(peer).filter(address::equals).isPresent()) {
            perform(swim.refused(peer, nowMillis()), null);
        }
    }

    @Override
    public void withoutGossip(NodeId peer) {
        LOG.warnf("Member %s hangs up on gossip: only this node's own links say how it is", peer);
        withoutGossip.add(peer);
        counted.remove(peer);
        others.liveness().gossiped(peer, Liveness.ALIVE, "it has no gossip");
    }

    /** Of a member that was never heard of, gossip says nothing. */
    private void countIn(NodeId member, String why) {
        if (members.contains(member) && !withoutGossip.contains(member) && counted.add(member)) {
            others.liveness().gossiped(member, swim.liveness(member), why);
        }
    }

    /** @param teller whose message had these effects; null if none had */
    private void perform(List<SwimEffect> effects, @Nullable NodeId teller) {
        GossipLinks ways = links;
        if (stopped || ways == null) {
            return;
        }
        if (swim.incarnation().isAfter(incarnation)) {
            incarnation = swim.incarnation();
            figures.refuted();
        }
        for (SwimEffect effect : effects) {
            switch (effect) {
                case SwimEffect.Send(NodeId to, NodeAddress address, SwimMessage message) -> {
                    if (ways.send(to, address, message)) {
                        figures.sent(message.sizeBytes());
                    }
                }
                case SwimEffect.Changed changed -> changed(ways, changed, teller);
                case SwimEffect.HigherEpoch(NodeId of, Epoch higher) -> fetch(ways, of, higher);
                case SwimEffect.Moved(NodeId member, NodeAddress address) -> {
                    LOG.infof("Member %s is at %s:%d", member, address.host(), address.peerPort());
                    others.moved().accept(member, address);
                    countIn(member, toldBy(teller));
                }
            }
        }
        ways.flush();
        if (!swim.isQuiet()) {
            tickWithin(tickMillis);
        }
    }

    private static String toldBy(@Nullable NodeId teller) {
        return teller == null ? "by this node" : "told by " + teller;
    }

    private void changed(GossipLinks ways, SwimEffect.Changed changed, @Nullable NodeId teller) {
        NodeId member = changed.member();
        count();
        if (!counted.contains(member)) {
            return;
        }
        String why = why(changed, teller);
        LOG.infof("Gossip on member %s: %s -> %s, %s", member, changed.from(), changed.to(), why);
        others.liveness().gossiped(member, changed.to(), why);
        switch (changed.to()) {
            case SUSPECT -> figures.suspected();
            case DOWN -> ways.hangUp(member);
            case ALIVE -> {}
        }
    }

    private String why(SwimEffect.Changed changed, @Nullable NodeId teller) {
        NodeId member = changed.member();
        return switch (changed.to()) {
            case SUSPECT ->
                swim.accuser(member)
                        .map(by -> by.equals(self) ? "it does not answer this node" : "it does not answer " + by)
                        .orElse(toldBy(teller));
            case DOWN -> teller == null ? "it has been suspect for too long" : toldBy(teller);
            case ALIVE -> member.equals(teller) ? "it speaks for itself" : toldBy(teller);
        };
    }

    private void count() {
        int alive = 0;
        int suspect = 0;
        int down = 0;
        for (NodeId member : members) {
            if (!member.equals(self)) {
                switch (swim.liveness(member)) {
                    case ALIVE -> alive++;
                    case SUSPECT -> suspect++;
                    case DOWN -> down++;
                }
            }
        }
        figures.counted(new GossipFigures.Count(alive, suspect, down));
    }

    private void fetch(GossipLinks ways, NodeId of, Epoch higher) {
        long now = nowMillis();
        if (fetch.wants(of, higher, now) && ways.askForMap(of, epoch)) {
            fetch.begin(of, higher, now);
        }
    }

    /** One at a time: who is not answered asks again. */
    @Override
    public void mapAsked(NodeId from, Epoch newest) {
        if (giving || stopped) {
            return;
        }
        giving = true;
        others.mayBlock().execute(() -> {
            try {
                others.maps().newerThan(newest).ifPresent(copy -> loop.execute(() -> give(from, copy)));
            } finally {
                loop.execute(() -> giving = false);
            }
        });
    }

    private void give(NodeId to, MapCopy copy) {
        GossipLinks ways = links;
        if (ways != null && ways.giveMap(to, copy)) {
            ways.flush();
        }
    }

    @Override
    public void mapGiven(NodeId from, MapCopy copy) {
        if (stopped || !fetch.arrived(from)) {
            return;
        }
        others.mayBlock().execute(() -> {
            boolean[] adopted = new boolean[1];
            try {
                adopted[0] = others.maps().offer(from, copy);
            } finally {
                loop.execute(() -> fetch.ended(from, adopted[0], nowMillis()));
            }
        });
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
