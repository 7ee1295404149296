package io.dynamokv.node.runtime;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.store.BatchStep;
import io.dynamokv.core.store.LeafTables;
import io.dynamokv.core.store.ReplicaStore;
import io.dynamokv.core.store.StoreException;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.node.port.PeerLinks;
import io.netty.channel.EventLoop;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.jctools.queues.MpscUnboundedArrayQueue;

/**
 * Owns a share of the partitions: their machines and their writes run on its thread only, so nothing is locked and no update is lost. What
 * came since the last drain makes one batch: one read, one write, then the answers (ADR 002: the thread is an event loop, the one that
 * also carries the shard's peer links).
 */
final class Shard {
    private static final Logger LOG = Logger.getLogger(Shard.class);
    private static final int BATCH_OPERATIONS_MAX = 256;
    private static final int TICK_MILLIS = 250;
    /** While there is nothing to bring anywhere: each tick wakes a thread, and that is most of what an idle node costs. */
    private static final int QUIET_TICK_MILLIS = 1000;
    /** So long leaves are compared with their rows at a time, and so long is the pause. */
    private static final long VERIFY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final int VERIFY_REST_MILLIS = 2;
    /** A little less than a second, which is four ticks or one quiet one. */
    private static final long REAP_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

    private record Wanted(
            StoreOperation operation, boolean alwaysSynced, Consumer<StoreResult> stored, Runnable synced) {}

    private final EventLoop loop;
    private final ReplicaStore store;
    private final BatchStep step;
    private final LeafTables leaves;
    private final LogSyncer syncer;
    private final Consumer<Throwable> onBroken;
    private final PeerLinks links;
    private final RequestTimers timers;
    private final HintKeeper hints;
    private final ReapKeeper reaping;
    private final ExchangeKeeper exchanges;
    private final MpscUnboundedArrayQueue<Runnable> submitted = new MpscUnboundedArrayQueue<>(1024);
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final long sendingNanosMax;
    private final Load load;
    private List<Wanted> wanted = new ArrayList<>();
    private final ArrayDeque<Runnable> behindWanted = new ArrayDeque<>();
    private volatile Durability durability = Durability.SYNC;
    private long reapedNanos = System.nanoTime();
    private boolean stopped;
    private final RecentMax siblings = new RecentMax(System.nanoTime());
    private final RecentMax vectorEntries = new RecentMax(System.nanoTime());
    private final AtomicLong readRepairs = new AtomicLong();
    private final AtomicLong takeovers = new AtomicLong();

    Shard(
            NodeId self,
            EventLoop loop,
            ReplicaStore store,
            BatchStep step,
            LogSyncer syncer,
            Consumer<Throwable> onBroken,
            PeerLinks links,
            LivenessTable liveness,
            RuntimeSettings settings,
            Clock clock,
            Executor reading,
            Load load) {
        this.loop = loop;
        this.store = store;
        this.step = step;
        leaves = new LeafTables(store);
        this.syncer = syncer;
        this.onBroken = onBroken;
        this.links = links;
        this.load = load;
        timers = new RequestTimers(loop, settings);
        sendingNanosMax = TimeUnit.MILLISECONDS.toNanos(settings.requestMillis() + (long) OnItsWay.LATE_MILLIS);
        hints = new HintKeeper(this, store, liveness::of);
        reaping = new ReapKeeper(this, self, store, clock, settings.reaping());
        exchanges = new ExchangeKeeper(this, self, store, leaves, reading, liveness, settings.exchangeBytesPerSecond());
        tickLater(TICK_MILLIS);
    }

    private void tickLater(int millis) {
        long dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        later(millis, () -> tick(dueNanos));
    }

    private void tick(long dueNanos) {
        try {
            tickAll(System.nanoTime(), dueNanos);
        } finally {
            tickLater(hints.isEmpty() && exchanges.isQuiet() ? QUIET_TICK_MILLIS : TICK_MILLIS);
        }
    }

    private void tickAll(long nowNanos, long dueNanos) {
        load.late(nowNanos - dueNanos);
        siblings.tick(nowNanos);
        vectorEntries.tick(nowNanos);
        hints.tick();
        exchanges.tick();
        if (nowNanos - reapedNanos >= REAP_NANOS) {
            reapedNanos = nowNanos;
            reaping.tick();
        }
    }

    /** From any thread. */
    void serve(ClusterMap map, List<Partition> own) {
        durability = map.settings().durability();
        submit(() -> {
            hints.serve(map);
            reaping.serve(map, own);
            exchanges.serve(own);
        });
    }

    /** From any thread. */
    Load load() {
        return load;
    }

    ExchangeKeeper exchanges() {
        return exchanges;
    }

    /** Compares with the other owners as soon as possible; before, on request, each leaf of the partitions' trees with its rows, between requests. */
    void repair(List<Partition> partitions, boolean rebuild) {
        if (!rebuild) {
            submit(exchanges::repair);
            return;
        }
        submit(() -> {
            if (exchanges.awaitRebuild()) {
                var all = partitions.stream()
                        .flatMap(partition ->
                                IntStream.range(0, Leaf.COUNT).mapToObj(i -> new Leaf(partition.number(), i)))
                        .iterator();
                var mended = new AtomicInteger();
                verify(all, leaf -> mended.incrementAndGet(), () -> {
                    LOG.infof(
                            "The hash trees of %d partitions were built anew: %d leaves were not those of their rows",
                            partitions.size(), mended.get());
                    exchanges.rebuilt();
                });
            }
        });
    }

    void later(int millis, Runnable task) {
        var _ = loop.schedule(() -> submit(() -> unlessStopped(task)), millis, TimeUnit.MILLISECONDS);
    }

    /** The store may be closed by then. */
    private void unlessStopped(Runnable task) {
        if (!stopped) {
            task.run();
        }
    }

    ReapKeeper reaping() {
        return reaping;
    }

    HintKeeper hints() {
        return hints;
    }

    void broke(StoreException failure) {
        onBroken.accept(failure);
    }

    /**
     * Keeps the hash trees of the partitions that the node owns from now on, before whatever is submitted later, and of no others. Then a leaf of each new one
     * is compared with its rows, between requests.
     *
     * @param sample chooses which leaf
     */
    void keepTrees(List<Partition> partitions, NodeId self, long sample) {
        submit(() -> {
            try {
                List<Leaf> toVerify = new ArrayList<>();
                for (Partition partition : partitions) {
                    if (!partition.owners().contains(self)) {
                        leaves.drop(partition.number());
                    } else if (leaves.table(partition.number()) == null) {
                        leaves.keep(partition.number());
                        toVerify.add(
                                new Leaf(partition.number(), Math.floorMod(sample + partition.number(), Leaf.COUNT)));
                    }
                }
                Consumer<Leaf> mended =
                        leaf -> LOG.errorf("%s of the hash trees was not that of its rows, and was mended", leaf);
                loop.execute(() -> verify(toVerify.iterator(), mended, () -> {}));
            } catch (StoreException e) {
                onBroken.accept(e);
            }
        });
    }

    /** For a moment at a time: what came meanwhile, from the network too, has its turn in between. */
    private void verify(Iterator<Leaf> left, Consumer<Leaf> mended, Runnable then) {
        if (stopped) {
            return;
        }
        long begunNanos = System.nanoTime();
        try {
            while (left.hasNext() && System.nanoTime() - begunNanos < VERIFY_NANOS) {
                verify(left.next(), mended);
            }
        } catch (StoreException e) {
            onBroken.accept(e);
            return;
        }
        if (left.hasNext()) {
            later(VERIFY_REST_MILLIS, () -> verify(left, mended, then));
        } else {
            then.run();
        }
    }

    /** A defect costs one leaf its turn, and the others nothing. */
    private void verify(Leaf leaf, Consumer<Leaf> mended) {
        try {
            if (!leaves.verify(leaf)) {
                mended.accept(leaf);
            }
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.errorf(e, "%s of the hash trees was not compared with its rows, by a defect of the node", leaf);
        }
    }

    /** From any thread; one wake-up for all that is submitted before the shard's next drain. */
    void submit(Runnable task) {
        submitted.offer(task);
        drainSoon();
    }

    private void drainSoon() {
        if (scheduled.compareAndSet(false, true)) {
            loop.execute(this::drain);
        }
    }

    /** How long after its start a request may send what it has read. */
    long sendingNanosMax() {
        return sendingNanosMax;
    }

    RequestTimers timers() {
        return timers;
    }

    void send(NodeId to, Partition partition, PeerRequest request, PeerLinks.Listener listener) {
        links.send(to, partition.number(), partition.lastChanged(), request, listener);
        drainSoon();
    }

    /** @param synced runs after {@code stored} got a result of {@code Held} that meets the durability; never for a read */
    void store(StoreOperation operation, Consumer<StoreResult> stored, Runnable synced) {
        wanted.add(new Wanted(operation, false, stored, synced));
        drainSoon();
    }

    /** Runs on this thread when the store has done all that was wanted of it before. What waits for its batch is in no row yet. */
    void behindAllWanted(Runnable task) {
        behindWanted.add(task);
        drainSoon();
    }

    /** Runs on this thread when all that was written before is on disk. */
    void afterSync(Runnable task) {
        syncer.sync(() -> submit(() -> runSafely(task)));
    }

    /** {@code synced} runs when it is on disk, whatever the cluster's durability is (rule W5). */
    void storeSynced(StoreOperation operation, Consumer<StoreResult> stored, Runnable synced) {
        wanted.add(new Wanted(operation, true, stored, synced));
        drainSoon();
    }

    /** Completes when the shard uses the store no more. What is under way gets no answer from here. */
    CompletableFuture<Void> stop() {
        var done = new CompletableFuture<Void>();
        submit(() -> {
            stopped = true;
            done.complete(null);
        });
        return done;
    }

    private void drain() {
        scheduled.set(false);
        try {
            drainOnce();
        } catch (OutOfMemoryError e) {
            onBroken.accept(e);
        }
    }

    private void drainOnce() {
        Runnable task = submitted.poll();
        while (task != null) {
            runSafely(task);
            task = submitted.poll();
        }
        while (!stopped && !(wanted.isEmpty() && behindWanted.isEmpty())) {
            if (wanted.isEmpty()) {
                runSafely(behindWanted.remove());
            } else {
                execute(nextBatch());
            }
        }
        links.flush();
    }

    private List<Wanted> nextBatch() {
        List<Wanted> batch = wanted;
        if (batch.size() <= BATCH_OPERATIONS_MAX) {
            wanted = new ArrayList<>();
            return batch;
        }
        wanted = new ArrayList<>(batch.subList(BATCH_OPERATIONS_MAX, batch.size()));
        return batch.subList(0, BATCH_OPERATIONS_MAX);
    }

    private void execute(List<Wanted> batch) {
        List<StoreResult> results;
        try {
            results = executeOnStore(batch);
        } catch (StoreException e) {
            onBroken.accept(e);
            fail(batch, "the storage is broken");
            return;
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "%d operations of a shard failed by a defect of the node; what became of them is unknown",
                    batch.size());
            fail(batch, "a defect of the node");
            return;
        }
        var toSync = new ArrayList<Runnable>();
        var toAcknowledge = new ArrayList<Runnable>();
        for (int i = 0; i < batch.size(); i++) {
            Wanted one = batch.get(i);
            StoreResult result = results.get(i);
            if (result instanceof StoreResult.Held(VersionedRecord held)) {
                runSafely(() -> measure(one.operation(), held));
            }
            runSafely(() -> one.stored().accept(result));
            if (result instanceof StoreResult.Held && !(one.operation() instanceof StoreOperation.Read)) {
                boolean waits = durability == Durability.SYNC || one.alwaysSynced();
                (waits ? toSync : toAcknowledge).add(one.synced());
            }
        }
        toAcknowledge.forEach(Shard::runSafely);
        acknowledge(toSync);
    }

    /** Whoever waits must be told, or what its request was admitted for is never given back. */
    private static void fail(List<Wanted> batch, String why) {
        var failed = new StoreResult.Failed(why);
        batch.forEach(one -> runSafely(() -> one.stored().accept(failed)));
    }

    private void measure(StoreOperation operation, VersionedRecord held) {
        siblings.saw(held.siblings().size());
        vectorEntries.saw(held.vector().size());
        // A delete of nothing leaves nothing to keep.
        if (!operation.keptFor().isEmpty() && !held.isEmpty()) {
            hints.took();
        }
    }

    private List<StoreResult> executeOnStore(List<Wanted> batch) {
        var operations = new ArrayList<StoreOperation>(batch.size());
        var keys = new LinkedHashSet<StoreKey>();
        for (Wanted one : batch) {
            operations.add(one.operation());
            keys.add(one.operation().key());
        }
        Map<StoreKey, StoredRecord> before = store.read(keys);
        BatchStep.Outcome outcome = step.apply(operations, before);
        if (!outcome.changes().isEmpty()) {
            write(outcome);
            outcome.changes()
                    .forEach((key, after) ->
                            runSafely(() -> hints.changed(key, before.getOrDefault(key, StoredRecord.NONE), after)));
        }
        return outcome.results();
    }

    /** The trees have a change if and only if its rows have it. */
    private void write(BatchStep.Outcome outcome) {
        Map<Leaf, Long> changed = leaves.apply(outcome.leafDeltas());
        try {
            store.write(outcome.changes(), changed);
        } catch (RuntimeException e) {
            leaves.apply(outcome.leafDeltas()); // a leaf is an XOR: twice is not at all
            throw e;
        }
    }

    /**
     * Also what changed nothing waits for the sync: the record that it found may be one that a batch before it wrote and that is not on
     * disk yet.
     */
    private void acknowledge(List<Runnable> toSync) {
        if (!toSync.isEmpty()) {
            syncer.sync(() -> submit(() -> toSync.forEach(Shard::runSafely)));
        }
    }

    /** What fails takes nothing else of the shard with it; it is a bug, so it is logged whole. Requests tell their own. */
    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("Work of a shard failed by a defect of the node; whoever waits for it gets no answer", e);
        }
    }

    /** The most that a record had lately; from any thread. */
    long siblingsMax() {
        return siblings.value();
    }

    /** The most that a record's vector had lately; from any thread. */
    long vectorEntriesMax() {
        return vectorEntries.value();
    }

    void readRepaired() {
        readRepairs.incrementAndGet();
    }

    void tookOver() {
        takeovers.incrementAndGet();
    }

    /** Since the start; from any thread. */
    long readRepairs() {
        return readRepairs.get();
    }

    /** Since the start; from any thread. */
    long takeovers() {
        return takeovers.get();
    }
}
