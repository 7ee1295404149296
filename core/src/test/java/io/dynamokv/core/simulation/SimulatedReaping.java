package io.dynamokv.core.simulation;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.Event;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.reaping.ReapEffect;
import io.dynamokv.core.reaping.ReapSettings;
import io.dynamokv.core.reaping.TombstoneReaper;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.Tombstone;
import java.util.List;
import java.util.function.Consumer;

/** How a node of the simulator reaps tombstones, from a start to its end, and what it says to others that do (rule T1). */
final class SimulatedReaping {
    private static final int REAP_MILLIS = 100;

    /** Between the proofs: how long a request may send what it read, the life of a message, and how long it may lie unread. */
    private static final ReapSettings REAPING =
            new ReapSettings(2, SimulatedNode.REPEATS_ARE_KNOWN_MILLIS + 5000, 5000, 1500, 4, 100);

    private final SimulatedNode node;
    private final Cluster cluster;
    private final TombstoneReaper reaper;

    SimulatedReaping(SimulatedNode node, Cluster cluster) {
        this.node = node;
        this.cluster = cluster;
        reaper = new TombstoneReaper(REAPING, new TombstoneReaper.View() {
            @Override
            public List<Integer> partitions() {
                return cluster.owners().getFirst().equals(node.id()) ? List.of(Samples.PARTITION) : List.of();
            }

            @Override
            public List<NodeId> owners(int partition) {
                return cluster.owners();
            }

            @Override
            public List<NodeId> members() {
                return cluster.plan().mutation() == Mutation.REAP_WITHOUT_ASKING_ALL
                        ? cluster.owners()
                        : cluster.walk().walk();
            }
        });
    }

    /** As long as the trouble lasts, and once more for what is left then. */
    void reapForSomeTime(long untilMillis) {
        if (cluster.schedule().nowMillis() < untilMillis) {
            node.later(REAP_MILLIS, () -> {
                perform(reaper.tick(cluster.schedule().nowMillis(), cluster.clockMillis(node.id()), true));
                reapForSomeTime(untilMillis);
            });
        }
    }

    private void perform(List<ReapEffect> effects) {
        for (ReapEffect effect : effects) {
            switch (effect) {
                case ReapEffect.Scan scan -> perform(reaper.scanned(node.disk().scan(scan.span(), scan.bytesMax())));
                case ReapEffect.Prove prove ->
                    ask(prove.member(), new PeerRequest.Prove(prove.partition(), prove.tombstones()), reply -> {
                        if (reply instanceof PeerReply.Proved(List<Boolean> proofs)) {
                            perform(reaper.proved(prove.member(), prove.round(), proofs));
                        } else {
                            reaper.failed(prove.member(), prove.round());
                        }
                    });
                case ReapEffect.Reap reap ->
                    ask(reap.owner(), new PeerRequest.Reap(reap.partition(), reap.tombstones()), _ -> {});
            }
        }
    }

    private void ask(NodeId member, PeerRequest request, Consumer<PeerReply> replied) {
        if (member.equals(node.id())) {
            node.execute(request, replied);
            return;
        }
        Consumer<PeerReply> whileUp = node.whileUp(replied);
        cluster.call(node.id(), member, request, event -> {
            if (event instanceof Event.Replied(NodeId _, PeerReply reply)) {
                whileUp.accept(reply);
            }
        });
    }

    /** Its answer is of what is on its disk. */
    void prove(List<Tombstone> tombstones, Consumer<PeerReply> reply) {
        SimulatedDisk disk = node.disk();
        boolean owner = cluster.owners().contains(node.id());
        List<Boolean> proofs = tombstones.stream()
                .map(tombstone -> {
                    StoredRecord held = disk.read(new StoreKey(Samples.PARTITION, tombstone.key()));
                    return owner ? tombstone.isHeldAs(held) : held.record().isEmpty();
                })
                .toList();
        long reached = disk.writtenBatches();
        node.later(cluster.syncDelayMillis(), () -> {
            disk.syncedUpTo(reached);
            reply.accept(new PeerReply.Proved(proofs));
        });
    }

    void reap(List<Tombstone> tombstones, Consumer<PeerReply> reply) {
        for (Tombstone tombstone : tombstones) {
            var key = new StoreKey(Samples.PARTITION, tombstone.key());
            node.store().store(new StoreOperation.Reap(key, tombstone.vector()), _ -> {}, () -> {});
        }
        reply.accept(new PeerReply.Acknowledged());
    }
}
