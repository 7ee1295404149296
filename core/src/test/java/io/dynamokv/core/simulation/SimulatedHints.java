package io.dynamokv.core.simulation;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.Event;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.handoff.HintLedger;
import io.dynamokv.core.handoff.HintReplay;
import io.dynamokv.core.handoff.ReplayEffect;
import io.dynamokv.core.handoff.ReplaySettings;
import io.dynamokv.core.store.Page;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.version.VersionedRecord;
import java.util.LinkedHashSet;
import java.util.List;

/** What a simulated node keeps for owners that were down, from a start to its end, and how it brings it to them (rule H1). */
final class SimulatedHints {
    private static final ReplaySettings REPLAY = new ReplaySettings(1, 1000, 300, 2000);
    private static final int REPLAY_MILLIS = 200;

    private final SimulatedNode node;
    private final Cluster cluster;
    private final HintLedger ledger = new HintLedger();
    private final HintReplay replay;
    private boolean replayIsPlanned;

    SimulatedHints(SimulatedNode node, Cluster cluster) {
        this.node = node;
        this.cluster = cluster;
        if (cluster.plan().mutation() != Mutation.HINTS_ARE_FORGOTTEN_AT_A_START) {
            node.disk().rows().values().forEach(row -> ledger.changed(Samples.PARTITION, StoredRecord.NONE, row));
        }
        replay = new HintReplay(ledger, REPLAY, new HintReplay.View() {
            @Override
            public NodeId owner(int partition, int slot) {
                return cluster.owners().get(slot);
            }

            @Override
            public Liveness liveness(NodeId owner) {
                return cluster.believedOf(node, owner);
            }
        });
    }

    /** To be told before the row is written. */
    void rowChanges(StoreKey key, StoredRecord after) {
        ledger.changed(key.partition(), node.disk().read(key), after);
    }

    boolean areAny() {
        return !ledger.isEmpty();
    }

    void replaySoon() {
        if (!replayIsPlanned && areAny()) {
            replayIsPlanned = true;
            node.membership().run();
            node.later(REPLAY_MILLIS, () -> {
                replayIsPlanned = false;
                node.mistakes()
                        .dropOldHints(
                                cluster.plan().mutation(),
                                node.disk(),
                                ledger,
                                cluster.schedule().nowMillis());
                perform(replay.tick(cluster.schedule().nowMillis()));
                replaySoon();
            });
        }
    }

    private void perform(List<ReplayEffect> effects) {
        for (ReplayEffect effect : effects) {
            switch (effect) {
                case ReplayEffect.Scan scan ->
                    node.later(
                            cluster.storeDelayMillis(),
                            () -> perform(replay.scanned(node.disk().scan(scan.span(), scan.bytesMax()))));
                case ReplayEffect.Deliver deliver -> deliver(deliver);
                case ReplayEffect.Store store ->
                    throw new Violation(
                            Invariant.HINTS_STAY_UNTIL_THEY_ARE_CONFIRMED,
                            "what nobody has confirmed is let go: " + store);
            }
        }
    }

    private void deliver(ReplayEffect.Deliver deliver) {
        Oracle.Disk owners = diskOf(deliver.owner(), deliver.key());
        cluster.call(
                node.id(),
                deliver.owner(),
                new PeerRequest.Deliver(deliver.key(), deliver.record()),
                node.whileUp(event -> {
                    if (event instanceof Event.Replied(NodeId _, PeerReply.Acknowledged())) {
                        cluster.paths().took(Paths.Path.HINT_REPLAYED);
                        perform(replay.delivered(deliver), owners);
                    } else if (cluster.plan().mutation() == Mutation.HINT_DROPPED_UNCONFIRMED) {
                        perform(replay.delivered(deliver));
                    } else {
                        perform(replay.failed(deliver));
                    }
                }));
    }

    /** @param owners what an owner has confirmed, and nothing is let go but for that */
    private void perform(List<ReplayEffect> effects, Oracle.Disk owners) {
        for (ReplayEffect effect : effects) {
            if (effect instanceof ReplayEffect.Store(StoreOperation.Delivered delivered)) {
                node.store().store(delivered, result -> stored(delivered, result, owners), () -> {});
            } else {
                perform(List.of(effect));
            }
        }
    }

    private void stored(StoreOperation.Delivered delivered, StoreResult result, Oracle.Disk owners) {
        if (result instanceof StoreResult.Held(VersionedRecord left)
                && (left.isEmpty() || left.equals(delivered.record()))) {
            Oracle.Disk own = diskOf(node.id(), delivered.key());
            cluster.oracle().delivered(own, owners, new LinkedHashSet<>(Samples.textsIn(delivered.record())));
            if (left.isEmpty()) {
                cluster.oracle().letGo(node.id(), own.key());
            }
        }
    }

    private Oracle.Disk diskOf(NodeId id, StoreKey key) {
        return cluster.oracle().diskOf(id, key.key());
    }

    /** In the end all that was kept for others has reached them. */
    void areNone() {
        Page left = node.disk().scan(Span.ofPartition(Samples.PARTITION), Long.MAX_VALUE);
        if (areAny() || !cluster.owners().contains(node.id()) && !left.rows().isEmpty()) {
            throw new Violation(Invariant.HINTS_ARE_DELIVERED, node.id() + " still keeps for others: " + left);
        }
    }
}
