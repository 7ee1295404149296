package io.dynamokv.core.antientropy;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.Partition;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which partition this node compares next, and with which of its other owners: each pair once in an interval, all as soon as possible after a start that may have
 * lost something or when somebody asks for a repair, those with a peer that was down when it is back, one at a time.
 */
public final class ExchangeSchedule {
    /** A jitter of a quarter keeps exchanges that began together from staying together. */
    private static final int JITTER_PART = 4;

    /** Whoever was away often begins by itself, after its start: what it has done by then costs one message more. Two who begin at the same time move things twice. */
    private static final int RETURNED_MILLIS_MIN = 1000;

    private static final int RETURNED_MILLIS_MAX = 5000;

    private static final int FAILING_MILLIS_MAX = 60_000;

    /** A partition and another owner of it. */
    public record Pair(int partition, NodeId peer) {}

    /**
     * How often.
     *
     * @param intervalMillis from one completed exchange of a pair to the next, on average
     * @param backoffMillisMin after one that did not complete; twice as long after each further one
     * @param backoffMillisMax the longest wait after one that did not complete
     */
    public record Settings(long intervalMillis, long backoffMillisMin, long backoffMillisMax) {
        public static final Settings DEFAULT = new Settings(3_600_000, 10_000, 600_000);

        public Settings {
            if (intervalMillis < JITTER_PART || backoffMillisMin < 1 || backoffMillisMax < backoffMillisMin) {
                throw new IllegalArgumentException("no schedule has an interval of " + intervalMillis
                        + " ms and waits of " + backoffMillisMin + " to " + backoffMillisMax + " ms");
            }
        }
    }

    /** @param owed whether it was asked for and has not completed since */
    private record Plan(long dueMillis, int failures, boolean owed) {}

    private final NodeId self;
    private final Settings settings;
    private final RandomGenerator random;
    private final Map<Pair, Plan> plans = new LinkedHashMap<>();
    private final Set<NodeId> peers = new LinkedHashSet<>();
    private @Nullable Pair running;
    /** The exchange that is under way may have looked already at what it is asked for now. */
    private boolean askedSinceItBegan;

    public ExchangeSchedule(NodeId self, Settings settings, RandomGenerator random) {
        this.self = self;
        this.settings = settings;
        this.random = random;
    }

    /**
     * The partitions as the newest map has them. Pairs that are new get their first turn some time within the interval.
     *
     * @param atOnce whether new pairs are owed an exchange: after a start that may have lost something
     */
    public void follow(Collection<Partition> partitions, boolean atOnce, long nowMillis) {
        var before = new LinkedHashMap<>(plans);
        plans.clear();
        peers.clear();
        for (Partition partition : partitions) {
            if (partition.owners().contains(self)) {
                for (NodeId peer : partition.owners()) {
                    if (!peer.equals(self)) {
                        peers.add(peer);
                        var pair = new Pair(partition.number(), peer);
                        Plan known = before.get(pair);
                        plans.put(pair, known != null ? known : first(atOnce, nowMillis));
                    }
                }
            }
        }
    }

    private Plan first(boolean atOnce, long nowMillis) {
        return atOnce
                ? new Plan(nowMillis, 0, true)
                : new Plan(nowMillis + random.nextLong(settings.intervalMillis()), 0, false);
    }

    /** Somebody wants every pair compared as soon as possible. */
    public void repair(long nowMillis) {
        plans.replaceAll((_, _) -> new Plan(nowMillis, 0, true));
        askedSinceItBegan = true;
    }

    /** The peer was down, so each of the two may have taken what the other missed, and perhaps nobody could keep it for them: compared within seconds. */
    public void returned(NodeId peer, long nowMillis) {
        plans.replaceAll((pair, plan) -> pair.peer().equals(peer) ? soon(plan, nowMillis) : plan);
        askedSinceItBegan |= running != null && running.peer().equals(peer);
    }

    /**
     * A write of the partition did not reach the peer: compared within seconds, once it is alive.
     *
     * @return whether that is news
     */
    public boolean missed(Pair pair, long nowMillis) {
        Plan before = plans.get(pair);
        Plan after = plans.computeIfPresent(pair, (_, plan) -> missed(plan, nowMillis));
        askedSinceItBegan |= pair.equals(running);
        return after != null && !after.equals(before);
    }

    /**
     * A peer that fails, alive as it is, misses each write that is asked of it: were it compared within seconds of each, it would have all turns. It keeps its
     * wait, of a minute at most.
     */
    private Plan missed(Plan plan, long nowMillis) {
        return plan.failures() > 0
                ? new Plan(Math.min(plan.dueMillis(), nowMillis + FAILING_MILLIS_MAX), plan.failures(), true)
                : soon(plan, nowMillis);
    }

    /** Who is asked for again and again is not put off by that. */
    private Plan soon(Plan plan, long nowMillis) {
        return plan.owed() && plan.dueMillis() <= nowMillis + RETURNED_MILLIS_MAX ? plan : soon(nowMillis);
    }

    private Plan soon(long nowMillis) {
        return new Plan(nowMillis + random.nextLong(RETURNED_MILLIS_MIN, RETURNED_MILLIS_MAX), 0, true);
    }

    /**
     * The pair whose exchange begins now: the one that has waited longest of those that are due and whose peer is alive. Begun until it {@code ended}. How fast
     * it then goes on is not the schedule's matter: {@link TokenBucket}.
     */
    public Optional<Pair> next(long nowMillis, Predicate<NodeId> isAlive) {
        if (running != null) {
            return Optional.empty();
        }
        Pair longest = null;
        long longestDueMillis = nowMillis + 1;
        for (Map.Entry<Pair, Plan> entry : plans.entrySet()) {
            long dueMillis = entry.getValue().dueMillis();
            if (dueMillis < longestDueMillis && isAlive.test(entry.getKey().peer())) {
                longest = entry.getKey();
                longestDueMillis = dueMillis;
            }
        }
        running = longest;
        askedSinceItBegan = false;
        return Optional.ofNullable(longest);
    }

    public void ended(Pair pair, ExchangeReport.End end, long nowMillis) {
        if (pair.equals(running)) {
            running = null;
        }
        if (end != ExchangeReport.End.COMPLETE) {
            plans.computeIfPresent(
                    pair,
                    (_, plan) ->
                            new Plan(nowMillis + backoffMillis(plan.failures()), plan.failures() + 1, plan.owed()));
        } else {
            // Not at once, or a peer that misses writes all the time would be compared without a rest.
            plans.computeIfPresent(
                    pair, (_, _) -> askedSinceItBegan ? soon(nowMillis) : new Plan(nowMillis + nextMillis(), 0, false));
        }
    }

    private long nextMillis() {
        long quarter = settings.intervalMillis() / JITTER_PART;
        return settings.intervalMillis() - quarter + random.nextLong(2 * quarter + 1);
    }

    private long backoffMillis(int failures) {
        long waitMillis = settings.backoffMillisMin();
        for (int i = 0; i < failures && waitMillis < settings.backoffMillisMax(); i++) {
            waitMillis *= 2;
        }
        return Math.min(waitMillis, settings.backoffMillisMax());
    }

    /** Pairs that were asked for and have not completed yet. */
    public int owed() {
        return (int) plans.values().stream().filter(Plan::owed).count();
    }

    /** The other owners of this node's partitions. */
    public Set<NodeId> peers() {
        return Collections.unmodifiableSet(peers);
    }

    public int pairs() {
        return plans.size();
    }

    public Optional<Pair> running() {
        return Optional.ofNullable(running);
    }
}
