package io.dynamokv.core.simulation;

import io.dynamokv.core.antientropy.Exchange;
import io.dynamokv.core.antientropy.ExchangeEffect;
import io.dynamokv.core.antientropy.ExchangeEvent;
import io.dynamokv.core.antientropy.ExchangeLimits;
import io.dynamokv.core.antientropy.ExchangeReply;
import io.dynamokv.core.antientropy.ExchangeReport;
import io.dynamokv.core.antientropy.ExchangeRequest;
import io.dynamokv.core.antientropy.ExchangeSchedule;
import io.dynamokv.core.antientropy.KeyRecord;
import io.dynamokv.core.antientropy.ReplicaReader;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.Event;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.merkle.LeafHash;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A simulated node's exchanges with other owners, one at a time (Dynamo 4.7), from a start to its end, and its answers in those of others. When which one is due
 * is the real schedule's matter, told as the shell tells it: of its start, of peers that are back, and of writes that did not reach an owner.
 */
final class SimulatedExchanges {
    /** Longer than anything that is played, and as in the shell: so what converges within seconds was owed. */
    private static final long INTERVAL_MILLIS = 3_600_000;

    /** With its jitter. */
    static final long INTERVAL_MILLIS_MAX = INTERVAL_MILLIS + INTERVAL_MILLIS / 4;

    private static final ExchangeSchedule.Settings SETTINGS = new ExchangeSchedule.Settings(INTERVAL_MILLIS, 500, 4000);
    private static final ExchangeLimits LIMITS = new ExchangeLimits(1, 1, 2, 2);
    private static final int TICK_MILLIS = 250;
    private static final int ANSWER_MILLIS = 1000;
    /** A link that is silent for so long is closed, and whoever waits on it is told. */
    private static final int SILENCE_MILLIS = 5000;

    private final SimulatedNode node;
    private final Cluster cluster;
    private final ExchangeSchedule schedule;
    /** How often the other owners had been down when they were last seen alive. */
    private final Map<NodeId, Integer> timesDown = new LinkedHashMap<>();
    /** Who missed a write since the last exchange with it began. */
    private final Set<NodeId> missed = new LinkedHashSet<>();

    private @Nullable Exchange running;
    private boolean afterAMissedWrite;
    private long steppedMillis;
    private boolean ticks;
    /** Exchanges to complete when the interval is over. */
    private int turnsLeft;

    SimulatedExchanges(SimulatedNode node, Cluster cluster) {
        this.node = node;
        this.cluster = cluster;
        schedule = new ExchangeSchedule(node.id(), SETTINGS, cluster.random());
    }

    /** A start owes all. */
    void begin() {
        schedule.follow(List.of(cluster.walk().partition()), true, nowMillis());
        tickSoon();
    }

    /** As long as the cluster's owners have any to make. */
    void tickSoon() {
        if (!ticks && schedule.pairs() > 0) {
            ticks = true;
            tick();
        }
    }

    private void tick() {
        if (turnsLeft == 0 && !cluster.exchangesGoOn()) {
            ticks = false;
            return;
        }
        welcomeThoseWhoAreBack();
        beginNext();
        node.later(TICK_MILLIS, this::tick);
    }

    private void welcomeThoseWhoAreBack() {
        for (NodeId peer : schedule.peers()) {
            if (node.membership().liveness(peer) == Liveness.ALIVE) {
                int now = node.membership().timesDown(peer);
                Integer before = timesDown.put(peer, now);
                if (before == null ? now > 0 : before < now) {
                    schedule.returned(peer, nowMillis());
                }
            }
        }
    }

    /** None is under way or owed. */
    boolean isQuiet() {
        return running == null && schedule.owed() == 0;
    }

    /** The interval is over: each pair has its turn, owed or not. */
    void takeNextTurns() {
        turnsLeft = schedule.pairs();
        tickSoon();
    }

    @Override
    public String toString() {
        return node.id() + " owes " + schedule.owed() + (running == null ? "" : ", with one under way");
    }

    /**
     * A write's message to an owner that is lost was missed, and so was one of which nothing is heard until its link is closed. Whoever owns the partition itself
     * owes it.
     */
    Consumer<Event> watched(NodeId to, Consumer<Event> caller) {
        var ended = new boolean[1];
        node.later(SILENCE_MILLIS, () -> {
            if (!ended[0]) {
                missed(to);
            }
        });
        return event -> {
            ended[0] = true;
            if (event instanceof Event.Lost) {
                missed(to);
            }
            caller.accept(event);
        };
    }

    void missed(NodeId to) {
        if (schedule.peers().contains(to) && cluster.plan().mutation() != Mutation.A_MISSED_WRITE_OWES_NOTHING) {
            missed.add(to);
            schedule.missed(new ExchangeSchedule.Pair(Samples.PARTITION, to), nowMillis());
        }
    }

    private void beginNext() {
        schedule.next(nowMillis(), peer -> node.membership().liveness(peer) == Liveness.ALIVE)
                .ifPresent(pair -> {
                    LeafTable own = node.store().tree();
                    if (own == null) {
                        throw new Violation(
                                Invariant.TREES_ARE_THOSE_OF_THEIR_ROWS, node.id() + " has a turn and no tree");
                    }
                    var begun = new Exchange(own, LIMITS);
                    running = begun;
                    afterAMissedWrite = missed.remove(pair.peer());
                    steppedMillis = nowMillis();
                    perform(begun, pair, begun.start());
                });
    }

    /** As the shell: what stood still with something in its hands drops it (rule T2). */
    private void on(Exchange of, ExchangeSchedule.Pair pair, ExchangeEvent event) {
        if (of != running) {
            return;
        }
        long nowMillis = nowMillis();
        if (nowMillis - steppedMillis > 2 * ANSWER_MILLIS) {
            ended(pair, ExchangeReport.End.INTERRUPTED);
            return;
        }
        steppedMillis = nowMillis;
        perform(of, pair, of.on(event));
    }

    /** After one that failed the next waits for a tick. */
    private void ended(ExchangeSchedule.Pair pair, ExchangeReport.End end) {
        if (end != ExchangeReport.End.COMPLETE
                && cluster.plan().mutation() == Mutation.A_FAILED_EXCHANGE_IS_NOT_GIVEN_UP) {
            return;
        }
        running = null;
        schedule.ended(pair, end, nowMillis());
        if (end == ExchangeReport.End.COMPLETE) {
            turnsLeft = Math.max(0, turnsLeft - 1);
            beginNext();
        }
    }

    private long nowMillis() {
        return cluster.schedule().nowMillis();
    }

    private void perform(Exchange of, ExchangeSchedule.Pair pair, List<ExchangeEffect> effects) {
        for (ExchangeEffect effect : effects) {
            switch (effect) {
                case ExchangeEffect.AskPeer(long number, ExchangeRequest request) ->
                    cluster.call(
                            node.id(),
                            pair.peer(),
                            new PeerRequest.Exchange(Samples.PARTITION, request),
                            node.whileUp(event -> on(of, pair, answered(number, event))));
                case ExchangeEffect.AskSelf(long number, ExchangeRequest request) ->
                    answer(request, reply -> on(of, pair, new ExchangeEvent.Answered(number, reply)));
                case ExchangeEffect.StartTimer(long number) ->
                    node.later(ANSWER_MILLIS, () -> on(of, pair, new ExchangeEvent.TimedOut(number)));
                case ExchangeEffect.End(ExchangeReport report) -> {
                    if (report.counts().recordsPulled() + report.counts().recordsPushed() > 0) {
                        cluster.paths().took(Paths.Path.EXCHANGE_MOVED);
                        if (afterAMissedWrite) {
                            cluster.paths().took(Paths.Path.MISSED_WRITE_EXCHANGED);
                        }
                    }
                    ended(pair, report.end());
                }
            }
        }
    }

    private static ExchangeEvent answered(long number, Event event) {
        return event instanceof Event.Replied(NodeId _, PeerReply.Exchanged(ExchangeReply reply))
                ? new ExchangeEvent.Answered(number, reply)
                : new ExchangeEvent.Lost(number);
    }

    void answer(ExchangeRequest request, Consumer<ExchangeReply> reply) {
        LeafTable own = node.store().tree();
        if (own == null) {
            reply.accept(new ExchangeReply.Declined("no owner"));
            return;
        }
        switch (request) {
            case ExchangeRequest.Compare compare -> reply.accept(ReplicaReader.compare(compare, own));
            case ExchangeRequest.Reading read ->
                node.later(
                        cluster.storeDelayMillis(),
                        () -> reply.accept(new ReplicaReader(Samples.PARTITION, node.disk(), LIMITS).read(read)));
            case ExchangeRequest.Join(List<KeyRecord> records) -> {
                if (cluster.plan().mutation() == Mutation.AN_EXCHANGE_WRITES_NOTHING) {
                    reply.accept(new ExchangeReply.Joined(records.stream()
                            .map(record -> LeafHash.of(record.key(), record.record()))
                            .toList()));
                } else {
                    join(records, reply);
                }
            }
        }
    }

    private void join(List<KeyRecord> records, Consumer<ExchangeReply> reply) {
        var hashes = new ArrayList<Long>();
        var synced = new int[1];
        for (KeyRecord record : records) {
            node.store()
                    .store(
                            new StoreOperation.Join(new StoreKey(Samples.PARTITION, record.key()), record.record()),
                            result -> hashes.add(
                                    result instanceof StoreResult.Held(VersionedRecord held)
                                            ? LeafHash.of(record.key(), held)
                                            : 0L),
                            () -> {
                                if (++synced[0] == records.size()) {
                                    reply.accept(new ExchangeReply.Joined(hashes));
                                }
                            });
        }
    }
}
