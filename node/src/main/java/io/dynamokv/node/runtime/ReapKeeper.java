package io.dynamokv.node.runtime;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.reaping.ReapEffect;
import io.dynamokv.core.reaping.ReapSettings;
import io.dynamokv.core.reaping.TombstoneReaper;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.store.ReplicaStore;
import io.dynamokv.core.store.StoreException;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.Tombstone;
import io.dynamokv.node.port.PeerLinks;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reaps the tombstones of a shard's partitions (rule T1), and answers those who reap others. On the shard's event loop alone, but for the figures. */
final class ReapKeeper {
    private static final Logger LOG = Logger.getLogger(ReapKeeper.class);
    /** Between two pages while clients keep the shard busy. */
    private static final int PATIENCE_MILLIS = 5000;

    private final Shard shard;
    private final NodeId self;
    private final ReplicaStore store;
    private final Clock clock;
    private final TombstoneReaper reaper;
    private final Turns turns;
    private final ReapLog log = new ReapLog(nowMillis());
    private List<Integer> partitions = List.of();
    private @Nullable ClusterMap map;
    private volatile long reaped;
    private volatile long unanswered;

    ReapKeeper(Shard shard, NodeId self, ReplicaStore store, Clock clock, ReapSettings settings) {
        this.shard = shard;
        this.self = self;
        this.store = store;
        this.clock = clock;
        turns = new Turns(shard.load(), PATIENCE_MILLIS, System.nanoTime());
        reaper = new TombstoneReaper(settings, new TombstoneReaper.View() {
            @Override
            public List<Integer> partitions() {
                return partitions;
            }

            @Override
            public List<NodeId> owners(int partition) {
                return partition(partition).owners();
            }

            @Override
            public List<NodeId> members() {
                return map().members().stream().map(Member::id).toList();
            }
        });
    }

    /** @param ofShard the shard's share of the partitions */
    void serve(ClusterMap newMap, List<Partition> ofShard) {
        map = newMap;
        partitions = ofShard.stream()
                .filter(partition -> partition.owners().getFirst().equals(self))
                .map(Partition::number)
                .toList();
    }

    private ClusterMap map() {
        if (map == null) {
            throw new IllegalStateException("nothing is reaped without a map");
        }
        return map;
    }

    private Partition partition(int number) {
        return map().partitions().get(number);
    }

    /** To be called a few times a second. */
    void tick() {
        if (!partitions.isEmpty()) {
            long nowNanos = System.nanoTime();
            boolean mayScan = turns.take(nowNanos);
            perform(reaper.tick(TimeUnit.NANOSECONDS.toMillis(nowNanos), clock.millis(), mayScan));
            reaped = reaper.reaped();
            if (reaper.unanswered() > unanswered) {
                unanswered = reaper.unanswered();
                reaper.silent().ifPresent(member -> log.unanswered(member, nowMillis()));
            }
            log.tick(nowMillis());
        }
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void perform(List<ReapEffect> effects) {
        for (ReapEffect effect : effects) {
            switch (effect) {
                case ReapEffect.Scan scan -> scan(scan);
                case ReapEffect.Prove prove -> ask(prove);
                case ReapEffect.Reap(NodeId owner, int partition, List<Tombstone> tombstones) ->
                    reap(owner, partition, tombstones);
            }
        }
    }

    private void scan(ReapEffect.Scan scan) {
        try {
            perform(reaper.scanned(store.scan(scan.span(), scan.bytesMax())));
        } catch (StoreException e) {
            shard.broke(e);
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "Tombstones of partition %d were not read, by a defect of the node",
                    scan.span().partition());
            reaper.scanFailed();
        }
    }

    private void ask(ReapEffect.Prove prove) {
        if (prove.member().equals(self)) {
            prove(prove.partition(), prove.tombstones(), reply -> answered(prove, reply));
            return;
        }
        var request = new PeerRequest.Prove(prove.partition(), prove.tombstones());
        shard.send(prove.member(), partition(prove.partition()), request, new PeerLinks.Listener() {
            @Override
            public void replied(NodeId from, PeerReply reply) {
                answered(prove, reply);
            }

            @Override
            public void lost(NodeId to, boolean maybeDelivered) {
                reaper.failed(to, prove.round());
            }
        });
    }

    private void answered(ReapEffect.Prove prove, PeerReply reply) {
        if (reply instanceof PeerReply.Proved(List<Boolean> proofs)) {
            perform(reaper.proved(prove.member(), prove.round(), proofs));
        } else {
            reaper.failed(prove.member(), prove.round());
        }
    }

    private void reap(NodeId owner, int partition, List<Tombstone> tombstones) {
        if (owner.equals(self)) {
            log.reaped(partition, tombstones.size());
            reap(partition, tombstones);
        } else {
            shard.send(
                    owner, partition(partition), new PeerRequest.Reap(partition, tombstones), new PeerLinks.Listener() {
                        @Override
                        public void replied(NodeId from, PeerReply reply) {
                            // nobody waits for it: where it is lost, the next exchange brings the tombstone back to all
                        }

                        @Override
                        public void lost(NodeId to, boolean maybeDelivered) {
                            // nor for this
                        }
                    });
        }
    }

    /**
     * What this node may say of the tombstones, once all that it has read is on disk. It reads them behind all that its shard took before it was asked: a
     * record in that queue is older than the question, however long it has lain there, and would be in the store after a "nothing" that was the second.
     */
    void prove(int partition, List<Tombstone> tombstones, Consumer<PeerReply> reply) {
        shard.behindAllWanted(() -> {
            try {
                proveNow(partition, tombstones, reply);
            } catch (RuntimeException e) {
                LOG.errorf(e, "Tombstones of partition %d were not proved, by a defect of the node", partition);
                reply.accept(new PeerReply.Declined("a defect of the node"));
            }
        });
    }

    private void proveNow(int partition, List<Tombstone> tombstones, Consumer<PeerReply> reply) {
        List<StoreKey> keys = new ArrayList<>(tombstones.size());
        tombstones.forEach(tombstone -> keys.add(new StoreKey(partition, tombstone.key())));
        Map<StoreKey, StoredRecord> held;
        try {
            held = store.read(keys);
        } catch (StoreException e) {
            shard.broke(e);
            reply.accept(new PeerReply.Declined("the storage is broken"));
            return;
        }
        boolean owner = partition(partition).owners().contains(self);
        List<Boolean> proofs = new ArrayList<>(tombstones.size());
        for (int i = 0; i < keys.size(); i++) {
            StoredRecord row = held.getOrDefault(keys.get(i), StoredRecord.NONE);
            proofs.add(owner ? tombstones.get(i).isHeldAs(row) : row.record().isEmpty());
        }
        shard.afterSync(() -> reply.accept(new PeerReply.Proved(proofs)));
    }

    void reap(int partition, List<Tombstone> tombstones) {
        for (Tombstone tombstone : tombstones) {
            var key = new StoreKey(partition, tombstone.key());
            shard.store(new StoreOperation.Reap(key, tombstone.vector()), result -> {}, () -> {});
        }
    }

    /** Tombstones that were reaped by this node's word, since the start; from any thread. */
    long reaped() {
        return reaped;
    }

    /** How often a member that did not answer kept some, since the start; from any thread. */
    long unanswered() {
        return unanswered;
    }
}
