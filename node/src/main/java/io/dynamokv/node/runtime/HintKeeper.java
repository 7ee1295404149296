package io.dynamokv.node.runtime;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.handoff.HintLedger;
import io.dynamokv.core.handoff.HintReplay;
import io.dynamokv.core.handoff.ReplayEffect;
import io.dynamokv.core.handoff.ReplaySettings;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.store.Page;
import io.dynamokv.core.store.ReplicaStore;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreException;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.node.port.PeerLinks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What a shard keeps for owners that were down, and its way back to them. On the shard's event loop alone, but for the figures. */
final class HintKeeper {
    private static final Logger LOG = Logger.getLogger(HintKeeper.class);
    private static final int SCAN_BYTES_MAX = 1 << 20;
    /** Between two pages while clients keep the shard busy: a hint may be the only copy, so it does not wait for long. */
    private static final int PATIENCE_MILLIS = 1000;

    private static final int REST_MILLIS = 1;

    private final Shard shard;
    private final ReplicaStore store;
    private final Function<NodeId, Liveness> liveness;
    private final HintLedger ledger = new HintLedger();
    private final HintReplay replay;
    private final Turns turns;
    /** Waits for its turn. */
    private ReplayEffect.@Nullable Scan nextPage;

    private @Nullable ClusterMap map;
    private volatile long bytes;
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong delivered = new AtomicLong();
    private volatile Map<NodeId, Long> waiting = Map.of();

    HintKeeper(Shard shard, ReplicaStore store, Function<NodeId, Liveness> liveness) {
        this.shard = shard;
        this.store = store;
        this.liveness = liveness;
        turns = new Turns(shard.load(), PATIENCE_MILLIS, System.nanoTime());
        replay = new HintReplay(ledger, ReplaySettings.DEFAULT, new HintReplay.View() {
            @Override
            public NodeId owner(int partition, int slot) {
                return partition(partition).owners().get(slot);
            }

            @Override
            public Liveness liveness(NodeId node) {
                return liveness.apply(node);
            }
        });
    }

    /** Counts what is there from the last run: a hint is a row, and no list of them could differ from the rows. Before the first operation. */
    void count(int partition) {
        Optional<Span> left = Optional.of(Span.ofPartition(partition));
        while (left.isPresent()) {
            Page page = store.scan(left.get(), SCAN_BYTES_MAX);
            page.rows().forEach((key, stored) -> changed(key, StoredRecord.NONE, stored));
            left = page.rest(left.get());
        }
    }

    void serve(ClusterMap newMap) {
        map = newMap;
    }

    private Partition partition(int number) {
        if (map == null) {
            throw new IllegalStateException("hints of partition " + number + " without a map");
        }
        return map.partitions().get(number);
    }

    /** Nearly all changes are an owner's. */
    void changed(StoreKey key, StoredRecord before, StoredRecord after) {
        if (!before.slots().isEmpty() || !after.slots().isEmpty()) {
            ledger.changed(key.partition(), before, after);
            bytes = ledger.bytes();
        }
    }

    /** Another coordinator's write, or this node's own in the owners' place, is kept. */
    void took() {
        taken.incrementAndGet();
    }

    /** Nothing is kept for anybody, and that has been told. */
    boolean isEmpty() {
        return ledger.isEmpty() && waiting.isEmpty();
    }

    /** To be called a few times a second. */
    void tick() {
        if (map == null || isEmpty()) {
            return;
        }
        var counted = new LinkedHashMap<NodeId, Long>();
        for (HintLedger.Waiting slot : ledger.waiting()) {
            counted.merge(partition(slot.partition()).owners().get(slot.slot()), (long) ledger.rows(slot), Long::sum);
        }
        tellDifferences(counted);
        waiting = Map.copyOf(counted);
        perform(replay.tick(TimeUnit.NANOSECONDS.toMillis(System.nanoTime())));
        if (nextPage != null) {
            scan(nextPage);
        }
    }

    private void tellDifferences(Map<NodeId, Long> counted) {
        counted.forEach((owner, rows) -> {
            if (!waiting.containsKey(owner)) {
                LOG.infof("Keeping writes for %s, which is %s", owner, liveness.apply(owner));
            }
        });
        waiting.keySet().forEach(owner -> {
            if (!counted.containsKey(owner)) {
                LOG.infof("All that was kept for %s has reached it", owner);
            }
        });
    }

    private void perform(List<ReplayEffect> effects) {
        for (ReplayEffect effect : effects) {
            switch (effect) {
                case ReplayEffect.Scan scan -> scan(scan);
                case ReplayEffect.Deliver deliver -> deliver(deliver);
                case ReplayEffect.Store(var operation) -> {
                    delivered.incrementAndGet();
                    shard.store(operation, result -> {}, () -> {});
                }
            }
        }
    }

    private void scan(ReplayEffect.Scan scan) {
        boolean mayRead = turns.take(System.nanoTime());
        nextPage = mayRead ? null : scan;
        if (mayRead) {
            read(scan);
        }
    }

    /**
     * Not within the effects of the page before it: a partition of a million rows would be a stack of as many calls. Nor in the same turn of the loop:
     * where nearly all rows are for an owner that is down, no page waits for an answer, and requests and their links would wait for them all.
     */
    private void read(ReplayEffect.Scan scan) {
        shard.later(REST_MILLIS, () -> {
            try {
                perform(replay.scanned(store.scan(scan.span(), scan.bytesMax())));
            } catch (StoreException e) {
                shard.broke(e);
            } catch (RuntimeException e) {
                LOG.errorf(
                        e,
                        "What is kept in partition %d was not read, by a defect of the node",
                        scan.span().partition());
                replay.scanFailed();
            }
        });
    }

    private void deliver(ReplayEffect.Deliver deliver) {
        var request = new PeerRequest.Deliver(deliver.key(), deliver.record());
        shard.send(deliver.owner(), partition(deliver.key().partition()), request, new PeerLinks.Listener() {
            @Override
            public void replied(NodeId from, PeerReply reply) {
                if (reply instanceof PeerReply.Acknowledged) {
                    perform(replay.delivered(deliver));
                } else {
                    LOG.debugf("%s declines what is kept for it: %s", from, reply);
                    perform(replay.failed(deliver));
                }
            }

            @Override
            public void lost(NodeId to, boolean maybeDelivered) {
                perform(replay.failed(deliver));
            }
        });
    }

    /** From any thread. */
    long bytes() {
        return bytes;
    }

    /** Since the start; from any thread. */
    long taken() {
        return taken.get();
    }

    /** Since the start; from any thread. */
    long delivered() {
        return delivered.get();
    }

    /** How many rows are kept for whom; from any thread. */
    Map<NodeId, Long> waiting() {
        return waiting;
    }
}
