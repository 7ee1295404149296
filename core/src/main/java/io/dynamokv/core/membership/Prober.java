package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Probes one member per period, directly and then through others (SWIM 3.1), and helps others to probe. At most one probe of its own is
 * under way, and at most one for each other member.
 */
final class Prober {
    /**
     * @param known what was believed of the target when the probe began; null if it was never heard of
     * @param nacks of the helpers that have not got an answer either
     */
    private record Probe(
            NodeId target,
            @Nullable Update known,
            long sequence,
            long endMillis,
            Set<NodeId> helpers,
            Set<NodeId> nacks) {}

    private static final class Errand {
        private final NodeId asker;
        private final long askersSequence;
        private final NodeId target;
        private final long sequence;
        private final long nackMillis;
        private final long endMillis;
        private boolean nacked;

        private Errand(NodeId asker, SwimMessage.PingRequest request, long sequence, long nackMillis, long endMillis) {
            this.asker = asker;
            askersSequence = request.sequence();
            target = request.target();
            this.sequence = sequence;
            this.nackMillis = nackMillis;
            this.endMillis = endMillis;
        }
    }

    private final SwimSettings.Probing settings;
    private final MemberTable table;
    private final Outbox outbox;
    private final LocalHealth health;
    private final Map<NodeId, Errand> errands = new TreeMap<>();
    private @Nullable Probe probe;
    private long othersMillis;
    private long nextMillis;
    private long sequences;

    Prober(
            SwimSettings.Probing settings,
            MemberTable table,
            Outbox outbox,
            LocalHealth health,
            RandomGenerator random,
            long nowMillis) {
        this.settings = settings;
        this.table = table;
        this.outbox = outbox;
        this.health = health;
        // By lot, so that an answer to an earlier start is hardly taken for one to this; nodes started at once probe at
        // different times.
        sequences = random.nextInt() & 0x7FFF_FFFFL;
        nextMillis = nowMillis + random.nextInt(settings.periodMillis());
    }

    long nextSequence() {
        return sequences++;
    }

    /** What spans the node's own pause proves nothing. */
    void discard(long nowMillis) {
        probe = null;
        errands.clear();
        nextMillis = nowMillis + settings.timeoutMillis();
    }

    void tick(long nowMillis) {
        runErrands(nowMillis);
        Probe current = probe;
        if (current != null && nowMillis >= current.endMillis) {
            fail(current, nowMillis);
        } else if (current != null && nowMillis >= othersMillis) {
            askOthers(current);
        }
        if (probe == null
                && (nowMillis >= nextMillis
                        || health.score() == 0 && table.queue().isUrgent())) {
            begin(nowMillis);
        }
    }

    private void begin(long nowMillis) {
        nextMillis = nowMillis + health.stretch(settings.periodMillis());
        NodeId target = table.queue().next(id -> {
            Member member = table.get(id);
            return member != null && member.address() != null;
        });
        Member member = target == null ? null : table.get(target);
        if (member == null) {
            return;
        }
        long sequence = nextSequence();
        othersMillis = nowMillis + health.stretch(settings.timeoutMillis());
        probe = new Probe(member.id(), member.update(), sequence, nextMillis, new TreeSet<>(), new TreeSet<>());
        ping(member, sequence);
    }

    /** Nothing is waited for. */
    boolean isIdle() {
        return probe == null && errands.isEmpty();
    }

    void ping(Member member, long sequence) {
        outbox.send(member, news -> new SwimMessage.Ping(sequence, member.id(), health.score(), news));
    }

    private void askOthers(Probe current) {
        othersMillis = Long.MAX_VALUE;
        Member target = table.get(current.target);
        if (target == null) {
            probe = null;
            return;
        }
        var address = target.address();
        if (address == null) {
            return;
        }
        List<Member> helpers = table.draw(
                settings.indirectProbes(),
                member -> member.liveness() == Liveness.ALIVE && !member.id().equals(current.target));
        for (Member helper : helpers) {
            current.helpers.add(helper.id());
            outbox.send(helper, news -> new SwimMessage.PingRequest(current.sequence, current.target, address, news));
        }
    }

    /**
     * Where all helpers are heard, and none of them reached the target either, the fault is not here, and the next probe is as quick as
     * this one (as memberlist has it: one dead member makes nobody slow).
     */
    private void fail(Probe failed, long nowMillis) {
        probe = null;
        health.worsen(failed.helpers.isEmpty() ? 1 : failed.helpers.size() - failed.nacks.size());
        if (failed.known != null) {
            table.accuse(failed.known, nowMillis);
        }
    }

    void acked(NodeId from, SwimMessage.Ack ack) {
        Probe current = probe;
        if (current != null
                && current.sequence == ack.sequence()
                && (from.equals(current.target) || current.helpers.contains(from))) {
            probe = null;
            health.improve();
            return;
        }
        for (Errand errand : errands.values()) {
            if (errand.sequence == ack.sequence() && errand.target.equals(from)) {
                errands.remove(errand.asker);
                tellAsker(errand);
                return;
            }
        }
    }

    private void tellAsker(Errand errand) {
        Member asker = table.get(errand.asker);
        Member target = table.get(errand.target);
        if (asker != null && target != null) {
            outbox.relay(asker, target, news -> new SwimMessage.Ack(errand.askersSequence, news));
        }
    }

    void nacked(NodeId from, SwimMessage.Nack nack) {
        Probe current = probe;
        if (current != null && current.sequence == nack.sequence() && current.helpers.contains(from)) {
            current.nacks.add(from);
        }
    }

    /** A member that asks again has given up what it asked before. */
    void asked(NodeId asker, SwimMessage.PingRequest request, long nowMillis) {
        Member target = table.get(request.target());
        if (target == null) {
            return;
        }
        target.hintIfUnknown(request.address());
        // Early enough that it is back before the asker's period ends, though both only look at their clocks now and
        // then.
        long nackMillis = nowMillis + settings.timeoutMillis() * 3L / 5;
        var errand = new Errand(asker, request, nextSequence(), nackMillis, nowMillis + settings.periodMillis());
        errands.put(asker, errand);
        ping(target, errand.sequence);
    }

    private void runErrands(long nowMillis) {
        for (Errand errand : errands.values()) {
            Member asker = table.get(errand.asker);
            if (asker != null && !errand.nacked && nowMillis >= errand.nackMillis) {
                errand.nacked = true;
                outbox.send(asker, news -> new SwimMessage.Nack(errand.askersSequence, news));
            }
        }
        errands.values().removeIf(errand -> nowMillis >= errand.endMillis);
    }
}
