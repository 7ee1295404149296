package io.dynamokv.node.runtime;

import io.dynamokv.core.antientropy.Exchange;
import io.dynamokv.core.antientropy.ExchangeEffect;
import io.dynamokv.core.antientropy.ExchangeEvent;
import io.dynamokv.core.antientropy.ExchangeReply;
import io.dynamokv.core.antientropy.ExchangeReport;
import io.dynamokv.core.antientropy.ExchangeRequest;
import io.dynamokv.core.antientropy.ExchangeSchedule;
import io.dynamokv.core.antientropy.KeyRecord;
import io.dynamokv.core.antientropy.ReplicaReader;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.merkle.LeafHash;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.store.LeafTables;
import io.dynamokv.core.store.ReplicaStore;
import io.dynamokv.core.store.StoreException;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.node.port.Exchanges;
import io.dynamokv.node.port.PeerLinks;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Compares a shard's partitions with their other owners and moves what differs (Dynamo 4.7), one exchange at a time; and answers those who compare
 * theirs, both at its {@link ExchangePace}. On the shard's event loop alone, but for long reads, which go to a thread of their own, and the figures.
 */
final class ExchangeKeeper {
    private static final Logger LOG = Logger.getLogger(ExchangeKeeper.class);
    /** Longer than this nothing that was read is kept to be sent (rule T2). */
    private static final long STEP_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(OnItsWay.EXCHANGE_MILLIS_MAX);

    /** What was done since the start. */
    private static final class Figures {
        private final AtomicLong completed = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        private final AtomicLong pulled = new AtomicLong();
        private final AtomicLong pushed = new AtomicLong();
        private volatile long owed;
    }

    /** The exchange that is under way. */
    private record Running(long number, ExchangeSchedule.Pair pair, Partition partition, Exchange exchange) {
        boolean is(@Nullable Running other) {
            return other != null && other.number == number;
        }
    }

    private final Shard shard;
    private final ReplicaStore store;
    private final LeafTables leaves;
    private final Executor reading;
    private final LivenessTable liveness;
    private final ExchangePace pace;
    private final ExchangeSchedule schedule;
    private final Figures figures = new Figures();
    private final Map<Integer, Partition> own = new HashMap<>();
    /** How often the other owners of the same partitions had been down when they were last seen alive. */
    private final Map<NodeId, Integer> timesDown = new HashMap<>();

    private @Nullable Running running;
    private long begunExchanges;
    private long steppedNanos;
    private boolean served;
    private boolean rebuilding;

    /**
     * @param reading runs long reads of the store
     * @param bytesPerSecond this shard's share of the node's limit
     */
    ExchangeKeeper(
            Shard shard,
            NodeId self,
            ReplicaStore store,
            LeafTables leaves,
            Executor reading,
            LivenessTable liveness,
            long bytesPerSecond) {
        this.shard = shard;
        this.store = store;
        this.leaves = leaves;
        this.reading = reading;
        this.liveness = liveness;
        pace = new ExchangePace(placeOf(shard), shard.load(), bytesPerSecond);
        schedule = new ExchangeSchedule(self, ExchangeSchedule.Settings.DEFAULT, new SecureRandom());
    }

    private static ExchangePace.Place placeOf(Shard shard) {
        return new ExchangePace.Place() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void later(int millis, Runnable task) {
                shard.later(millis, task);
            }
        };
    }

    /** After a start every pair is owed an exchange: what happened meanwhile came as a hint, or not at all. */
    void serve(List<Partition> partitions) {
        own.clear();
        partitions.forEach(partition -> own.put(partition.number(), partition));
        schedule.follow(partitions, !served, nowMillis());
        served = true;
        figures.owed = schedule.owed();
    }

    void repair() {
        schedule.repair(nowMillis());
        figures.owed = schedule.owed();
        begin();
    }

    /** All are owed an exchange, and none begins before the trees are those of their rows. Returns false if that is under way already. */
    boolean awaitRebuild() {
        schedule.repair(nowMillis());
        figures.owed = schedule.owed();
        boolean first = !rebuilding;
        rebuilding = true;
        return first;
    }

    void rebuilt() {
        rebuilding = false;
        repair();
    }

    /** To be called a few times a second. */
    void tick() {
        if (served) {
            welcomeThoseWhoAreBack();
            begin();
        }
    }

    /** None is under way or owed. */
    boolean isQuiet() {
        return running == null && schedule.owed() == 0;
    }

    /** Where nobody could stand in for an owner that was cut off, it would lack what it missed until its next turn; however short that was. */
    private void welcomeThoseWhoAreBack() {
        for (NodeId peer : schedule.peers()) {
            if (liveness.of(peer) == Liveness.ALIVE) {
                int now = liveness.timesDown(peer);
                Integer before = timesDown.put(peer, now);
                if (before == null ? now > 0 : before < now) {
                    schedule.returned(peer, nowMillis());
                    figures.owed = schedule.owed();
                }
            }
        }
    }

    /** A write of the partition was to go to this owner, and was lost with its link or for want of one, declined, or too late to be sent: its client may have got its W without it. */
    void missed(Partition partition, NodeId peer) {
        if (schedule.missed(new ExchangeSchedule.Pair(partition.number(), peer), nowMillis())) {
            figures.owed = schedule.owed();
        }
    }

    private void begin() {
        if (rebuilding) {
            return;
        }
        Optional<ExchangeSchedule.Pair> next = schedule.next(nowMillis(), peer -> liveness.of(peer) == Liveness.ALIVE);
        if (next.isEmpty()) {
            return;
        }
        ExchangeSchedule.Pair pair = next.get();
        Partition partition = own.get(pair.partition());
        LeafTable table = leaves.table(pair.partition());
        if (partition == null || table == null) {
            schedule.ended(pair, ExchangeReport.End.INTERRUPTED, nowMillis());
            return;
        }
        var begun = new Running(++begunExchanges, pair, partition, new Exchange(table, pace.limits()));
        running = begun;
        steppedNanos = System.nanoTime();
        step(begun, () -> perform(begun, begun.exchange().start()));
    }

    /** What stood still with something in its hands drops it: it may have been deleted and reaped meanwhile. */
    private void on(Running exchange, ExchangeEvent event) {
        if (!exchange.is(running)) {
            return;
        }
        long nowNanos = System.nanoTime();
        if (nowNanos - steppedNanos > STEP_NANOS_MAX) {
            ended(exchange, ExchangeReport.End.INTERRUPTED, "this node stood still");
            return;
        }
        steppedNanos = nowNanos;
        step(exchange, () -> perform(exchange, exchange.exchange().on(event)));
    }

    /** One that a defect has stopped would keep all others from beginning. */
    private void step(Running exchange, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException defect) {
            LOG.errorf(
                    defect,
                    "The exchange of partition %d with %s failed by a defect of the node",
                    exchange.pair().partition(),
                    exchange.pair().peer());
            if (exchange.is(running)) {
                ended(exchange, ExchangeReport.End.INTERRUPTED, "a defect of the node");
            }
        }
    }

    private void perform(Running exchange, List<ExchangeEffect> effects) {
        for (ExchangeEffect effect : effects) {
            switch (effect) {
                case ExchangeEffect.AskPeer(long number, ExchangeRequest.Join join) -> askPeer(exchange, number, join);
                case ExchangeEffect.AskPeer(long number, ExchangeRequest request) ->
                    pace.begin(() -> step(exchange, () -> askPeer(exchange, number, request)));
                case ExchangeEffect.AskSelf(long number, ExchangeRequest request) ->
                    answer(
                            exchange.partition(),
                            request,
                            reply -> on(exchange, new ExchangeEvent.Answered(number, reply)));
                case ExchangeEffect.StartTimer(long number) ->
                    shard.later(OnItsWay.ANSWER_MILLIS_MAX, () -> on(exchange, new ExchangeEvent.TimedOut(number)));
                case ExchangeEffect.End(ExchangeReport report) -> ended(exchange, report);
            }
        }
    }

    private void askPeer(Running exchange, long number, ExchangeRequest request) {
        if (!exchange.is(running)) {
            return;
        }
        Partition partition = exchange.partition();
        var question = new PeerRequest.Exchange(partition.number(), request);
        shard.send(exchange.pair().peer(), partition, question, new PeerLinks.Listener() {
            @Override
            public void replied(NodeId from, PeerReply reply) {
                on(
                        exchange,
                        switch (reply) {
                            case PeerReply.Exchanged(ExchangeReply answer) ->
                                new ExchangeEvent.Answered(number, answer);
                            case PeerReply.Declined(String why) ->
                                new ExchangeEvent.Answered(number, new ExchangeReply.Declined(why));
                            default -> new ExchangeEvent.Lost(number);
                        });
            }

            @Override
            public void lost(NodeId to, boolean maybeDelivered) {
                on(exchange, new ExchangeEvent.Lost(number));
            }
        });
    }

    private void ended(Running exchange, ExchangeReport report) {
        ExchangeReport.Counts counts = report.counts();
        figures.pulled.addAndGet(counts.recordsPulled());
        figures.pushed.addAndGet(counts.recordsPushed());
        if (counts.leavesDiffering() > 0) {
            LOG.infof(
                    "Exchange of partition %d with %s, %s: %d leaves differed, %d records came (%d bytes), %d went (%d bytes)",
                    exchange.pair().partition(),
                    exchange.pair().peer(),
                    report.end(),
                    counts.leavesDiffering(),
                    counts.recordsPulled(),
                    counts.bytesPulled(),
                    counts.recordsPushed(),
                    counts.bytesPushed());
        }
        ended(exchange, report.end(), report.why());
    }

    private void ended(Running exchange, ExchangeReport.End end, String why) {
        running = null;
        schedule.ended(exchange.pair(), end, nowMillis());
        figures.owed = schedule.owed();
        if (end == ExchangeReport.End.COMPLETE) {
            figures.completed.incrementAndGet();
            shard.submit(this::begin);
        } else {
            // The next one waits for a tick: a peer that is lost counts as alive for a while, and each would fail.
            figures.failed.incrementAndGet();
            LOG.infof(
                    "Exchange of partition %d with %s ended as %s: %s",
                    exchange.pair().partition(), exchange.pair().peer(), end, why);
        }
    }

    /** For the peer that steers an exchange, or for this node itself. {@code reply} runs on this thread. */
    void answer(Partition partition, ExchangeRequest request, Consumer<ExchangeReply> reply) {
        pace.begin(() -> answerNow(partition, request, reply));
    }

    private void answerNow(Partition partition, ExchangeRequest request, Consumer<ExchangeReply> reply) {
        LeafTable table = leaves.table(partition.number());
        if (table == null) {
            reply.accept(new ExchangeReply.Declined("partition " + partition.number() + " is not owned here"));
            return;
        }
        switch (request) {
            case ExchangeRequest.Compare compare -> reply.accept(ReplicaReader.compare(compare, table));
            case ExchangeRequest.Reading read -> read(partition, read, reply);
            case ExchangeRequest.Join join -> join(partition, join.records(), reply);
        }
    }

    private void read(Partition partition, ExchangeRequest.Reading request, Consumer<ExchangeReply> reply) {
        var reader = new ReplicaReader(partition.number(), store, pace.limits());
        reading.execute(() -> {
            try {
                ExchangeReply read = reader.read(request);
                shard.submit(() -> {
                    pace.moved(reader.bytesRead());
                    reply.accept(read);
                });
            } catch (StoreException e) {
                shard.broke(e);
            } catch (IllegalArgumentException e) {
                shard.submit(() -> reply.accept(new ExchangeReply.Declined("no such leaves: " + e.getMessage())));
            } catch (RuntimeException e) {
                LOG.errorf(e, "Records of partition %d were not read, by a defect of the node", partition.number());
                shard.submit(() -> reply.accept(new ExchangeReply.Declined("a defect of the node")));
            }
        });
    }

    /** Answered in any case: a question counts among what the peer has under way here until then. */
    private void join(Partition partition, List<KeyRecord> records, Consumer<ExchangeReply> reply) {
        List<Long> hashes = new ArrayList<>(Collections.nCopies(records.size(), 0L));
        var left = new AtomicLong(records.size());
        var declined = new AtomicBoolean();
        if (records.isEmpty()) {
            reply.accept(new ExchangeReply.Joined(hashes));
        }
        for (int i = 0; i < records.size(); i++) {
            int index = i;
            KeyRecord record = records.get(i);
            pace.moved(record.bytes());
            var key = new StoreKey(partition.number(), record.key());
            shard.storeSynced(
                    new StoreOperation.Join(key, record.record()),
                    result -> {
                        if (result instanceof StoreResult.Held(var held)) {
                            hashes.set(index, LeafHash.of(record.key(), held));
                        } else if (declined.compareAndSet(false, true)) {
                            reply.accept(new ExchangeReply.Declined("not stored: " + result));
                        }
                    },
                    () -> {
                        if (left.decrementAndGet() == 0) {
                            reply.accept(new ExchangeReply.Joined(hashes));
                        }
                    });
        }
    }

    /** From any thread. */
    Exchanges figures() {
        return new Exchanges(
                figures.owed,
                figures.completed.get(),
                figures.failed.get(),
                figures.pulled.get(),
                figures.pushed.get(),
                pace.bytes());
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
