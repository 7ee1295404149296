package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Incarnation;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Who is alive, and where: SWIM (Das, Gupta, Motivala 2002) with Lifeguard (Dadgar, Phillips, Currey 2017), lesson 40. The cluster map
 * names the members; gossip tells of their liveness, addresses and epochs, and moves no ownership (lesson 12).
 *
 * <p>Whoever runs it, on one thread, ticks it at least each {@code timeoutMillis / 5}, while it is quiet the lesser of {@code timeoutMillis} and {@code pauseMillis / 2}, with a clock that never runs backwards, and performs
 * the effects in order. Nothing is awaited: each message may be lost, late or doubled.
 */
public final class Swim {
    /** @param address where others reach this node, for as long as it runs */
    public record Identity(NodeId node, BootId boot, NodeAddress address) {}

    private final SwimSettings settings;
    private final List<SwimEffect> effects = new ArrayList<>();
    private final Rumors rumors = new Rumors();
    private final Self self;
    private final LocalHealth health;
    private final MemberTable table;
    private final Outbox outbox;
    private final Prober prober;

    private long nowMillis;
    private long tickedMillis;
    private long lookMillis;
    private long gossipMillis;
    private long syncMillis;
    private long syncedMillis;

    public Swim(Identity identity, SwimSettings settings, RandomGenerator random, long nowMillis) {
        this.settings = settings;
        this.nowMillis = nowMillis;
        self = new Self(identity);
        health = new LocalHealth(settings.probing().healthScoreMax());
        table = new MemberTable(self, settings, random, rumors, effects);
        outbox = new Outbox(self, settings, table, rumors, effects);
        prober = new Prober(settings.probing(), table, outbox, health, random, nowMillis);
        tickedMillis = nowMillis;
        lookMillis = nowMillis;
        gossipMillis = nowMillis;
        syncMillis = nowMillis + random.nextInt(settings.gossiping().syncPeriodMillis());
        syncedMillis = nowMillis - settings.probing().periodMillis();
        rumors.add(self.update());
    }

    /** The nodes that the cluster map names; this node may be among them. A new one begins as suspect, one that is gone is forgotten. */
    public void members(Set<NodeId> members) {
        table.replace(members, nowMillis);
    }

    /** Where a member may be found, as configuration or a name server has it. The member's own word goes before it. */
    public void learn(NodeId member, NodeAddress address) {
        Member known = table.get(member);
        if (known != null) {
            known.hint(address);
        }
    }

    /** The newest map that this node holds. */
    public List<SwimEffect> mapEpoch(Epoch epoch) {
        if (self.raise(epoch)) {
            rumors.add(self.update());
        }
        return drain();
    }

    public List<SwimEffect> tick(long atMillis) {
        advance(atMillis);
        tickedMillis = nowMillis;
        table.concludeSuspicions(nowMillis);
        prober.tick(nowMillis);
        look();
        sync();
        gossip();
        return drain();
    }

    /** The member's machine says that nothing listens there: a failed probe, only sooner. */
    public List<SwimEffect> refused(NodeId member, long atMillis) {
        advance(atMillis);
        Member known = table.get(member);
        Update update = known == null ? null : known.update();
        if (update != null) {
            table.accuse(update, nowMillis);
        }
        return drain();
    }

    /**
     * A link to the member has just come up. What was sent before it did is lost, so a member that was not there is asked at once instead of
     * in its turn: a node that starts knows the others as soon as it reaches them.
     */
    public List<SwimEffect> reached(NodeId member, long atMillis) {
        advance(atMillis);
        Member known = table.get(member);
        if (known != null && known.isLost()) {
            prober.ping(known, prober.nextSequence());
        }
        return drain();
    }

    public List<SwimEffect> received(NodeId from, SwimMessage message, long atMillis) {
        advance(atMillis);
        Update sender = message.news().sender();
        if (from.equals(self.id()) || !from.equals(sender.member())) {
            return drain();
        }
        table.tellIfHigher(from, sender.epoch());
        Member member = table.get(from);
        if (member == null) {
            receivedFromStranger(sender, message);
        } else {
            receivedFromMember(member, message);
        }
        return drain();
    }

    /**
     * Either of the two has an older map. Nobody else may know the newer one: of two nodes one was replaced while the other was away. So
     * each hears of the other's epoch, and nothing besides.
     */
    private void receivedFromStranger(Update sender, SwimMessage message) {
        if (message instanceof SwimMessage.Ping ping && ping.target().equals(self.id())) {
            outbox.replyToStranger(sender, news -> new SwimMessage.Ack(ping.sequence(), news));
        }
    }

    private void receivedFromMember(Member from, SwimMessage message) {
        boolean wasLost = from.isLost();
        table.merge(message.news().sender(), nowMillis);
        message.news().updates().forEach(this::merge);
        handle(from, message);
        if (wasLost && from.liveness() == Liveness.ALIVE && nowMillis - syncedMillis >= periodMillis()) {
            // Both sides of a cut network, or a node that was away, have much to tell; more often than once a period
            // gossip does it.
            syncWith(from);
        }
    }

    private void handle(Member from, SwimMessage message) {
        switch (message) {
            case SwimMessage.Ping ping -> pinged(from, ping);
            case SwimMessage.PingRequest request -> requested(from, request);
            case SwimMessage.Ack ack -> prober.acked(from.id(), ack);
            case SwimMessage.Nack nack -> prober.nacked(from.id(), nack);
            case SwimMessage.SyncRequest request -> outbox.syncReply(request.news());
            case SwimMessage.Gossip _, SwimMessage.SyncReply _ -> {}
        }
    }

    /**
     * Whoever pings and is itself answered needs no probe soon. One that only speaks does:
     *
     * <ol>
     *   <li>Nothing reaches a node any more, but all that it sends arrives.
     *   <li>If its pings counted, each of the others would put it off for ever, and nobody would find out.
     *   <li>Its own probes fail, so its health is no longer 0, and they do not count.
     * </ol>
     */
    private void pinged(Member from, SwimMessage.Ping ping) {
        if (ping.health() == 0) {
            table.queue().toEnd(from.id());
        }
        if (ping.target().equals(self.id())) {
            outbox.reply(ping.news().sender(), news -> new SwimMessage.Ack(ping.sequence(), news));
        }
    }

    private void requested(Member from, SwimMessage.PingRequest request) {
        if (request.target().equals(self.id())) {
            outbox.reply(request.news().sender(), news -> new SwimMessage.Ack(request.sequence(), news));
        } else {
            prober.asked(from.id(), request, nowMillis);
        }
    }

    private void merge(Update claim) {
        if (!claim.member().equals(self.id())) {
            table.merge(claim, nowMillis);
        } else if (self.refute(claim)) {
            if (claim.liveness() != Liveness.ALIVE) {
                health.worsen(1);
            }
            rumors.add(self.update());
        }
    }

    /** Lifeguard: what spans this node's own pause is not concluded upon. A message that waited may be the first to show it. */
    private void advance(long atMillis) {
        nowMillis = Math.max(nowMillis, atMillis);
        long gapMillis = nowMillis - tickedMillis;
        if (gapMillis > settings.probing().pauseMillis()) {
            tickedMillis = nowMillis;
            prober.discard(nowMillis);
            table.extendSuspicions(gapMillis);
        }
    }

    /** Not stretched by health: a node that was cut off has to find the others as soon as it can. */
    private void look() {
        if (nowMillis < lookMillis) {
            return;
        }
        lookMillis = nowMillis + periodMillis();
        Member lost = table.nextLost();
        if (lost != null) {
            prober.ping(lost, prober.nextSequence());
        }
    }

    private void sync() {
        if (nowMillis >= syncMillis) {
            table.draw(1, member -> member.liveness() == Liveness.ALIVE).forEach(this::syncWith);
            syncMillis = nowMillis + settings.syncPeriodMillis(table.size());
        }
    }

    private void syncWith(Member member) {
        syncedMillis = nowMillis;
        outbox.sync(member);
    }

    private void gossip() {
        if (nowMillis < gossipMillis || rumors.isEmpty()) {
            return;
        }
        gossipMillis = nowMillis + settings.gossiping().periodMillis();
        int listeners = Math.min(settings.gossiping().fanout(), table.size() - 1);
        for (int i = 0; i < listeners && !rumors.isEmpty(); i++) {
            Member next = table.nextListener();
            if (next == null) {
                return;
            }
            outbox.send(next, SwimMessage.Gossip::new);
        }
    }

    private int periodMillis() {
        return settings.probing().periodMillis();
    }

    private List<SwimEffect> drain() {
        List<SwimEffect> drained = List.copyOf(effects);
        effects.clear();
        return drained;
    }

    /** Nobody's answer is waited for and there is nothing to tell: the next tick has time. */
    public boolean isQuiet() {
        return prober.isIdle() && rumors.isEmpty();
    }

    /** A stranger is down. */
    public Liveness liveness(NodeId node) {
        Member member = table.get(node);
        if (member == null) {
            return node.equals(self.id()) ? Liveness.ALIVE : Liveness.DOWN;
        }
        return member.liveness();
    }

    /** Where the member was last known to be. */
    public Optional<NodeAddress> address(NodeId node) {
        return Optional.ofNullable(table.get(node)).map(Member::address);
    }

    /** Who found a suspect silent; empty of one that is none, or that was never heard of. */
    public Optional<NodeId> accuser(NodeId node) {
        return Optional.ofNullable(table.get(node)).map(Member::update).map(Update::accuser);
    }

    /** This node's own. */
    public Incarnation incarnation() {
        return self.incarnation();
    }

    /** 0 is well; this node's timeouts are stretched by one more than this. */
    public int healthScore() {
        return health.score();
    }
}
