package io.dynamokv.core.antientropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.reaping.ReapEffect;
import io.dynamokv.core.reaping.ReapSettings;
import io.dynamokv.core.reaping.TombstoneReaper;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.simulation.Samples;
import io.dynamokv.core.store.Page;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.Tombstone;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Rule T1: 1. a owns a key, and a later map gives its slot to d; 2. a still has the row, which is kept for nobody; 3. the value is deleted, and the owners agree
 * on the tombstone; 4. a third map gives the slot back; 5. the owners exchange. Nobody drops a's row at 1, so it must keep the tombstone until 5.
 */
class OwnerAgainTest {
    private static final NodeId A = Samples.node("a");
    private static final NodeId B = Samples.node("b");
    private static final NodeId C = Samples.node("c");
    private static final NodeId D = Samples.node("d");
    private static final List<NodeId> MEMBERS = List.of(A, B, C, D);
    private static final Partition FIRST = owned(1, B, A, C);
    private static final Partition LATER = owned(2, B, D, C);
    private static final Partition AGAIN = owned(3, B, A, C);
    private static final Key KEY = new Key("carts", "milk");
    private static final StoreKey STORE_KEY = new StoreKey(Owner.PARTITION, KEY);

    private final RandomGenerator random = SeededProperty.GENERATORS.create(1);
    private final Map<NodeId, Owner> nodes = new LinkedHashMap<>();
    private Partition partition = FIRST;
    private long nowMillis = 2_000_000;

    OwnerAgainTest() {
        MEMBERS.forEach(member -> nodes.put(member, new Owner(random, ExchangeLimits.DEFAULT)));
    }

    private static Partition owned(long epoch, NodeId... owners) {
        return new Partition(Owner.PARTITION, new Epoch(epoch), List.of(owners));
    }

    private Owner node(NodeId id) {
        return Objects.requireNonNull(nodes.get(id));
    }

    private boolean isOwner(NodeId id) {
        return partition.owners().contains(id);
    }

    private TombstoneReaper reaperThatAsks(boolean all) {
        return new TombstoneReaper(new ReapSettings(1 << 10, 1000, 300, 100, 2, 50), new TombstoneReaper.View() {
            @Override
            public List<Integer> partitions() {
                return List.of(partition.number());
            }

            @Override
            public List<NodeId> owners(int number) {
                return partition.owners();
            }

            @Override
            public List<NodeId> members() {
                return all ? MEMBERS : partition.owners();
            }
        });
    }

    private void reapForSomeTime(TombstoneReaper reaper) {
        for (int ticks = 0; ticks < 20; ticks++) {
            nowMillis += 100;
            perform(reaper, reaper.tick(nowMillis, nowMillis, true));
        }
    }

    private void perform(TombstoneReaper reaper, List<ReapEffect> effects) {
        for (ReapEffect effect : effects) {
            switch (effect) {
                case ReapEffect.Scan _ ->
                    perform(reaper, reaper.scanned(page(partition.owners().getFirst())));
                case ReapEffect.Prove prove ->
                    perform(reaper, reaper.proved(prove.member(), prove.round(), List.of(proves(prove))));
                case ReapEffect.Reap(NodeId owner, int _, List<Tombstone> tombstones) ->
                    node(owner).reap(KEY, tombstones.getFirst().vector());
            }
        }
    }

    private Page page(NodeId of) {
        VersionedRecord held = node(of).held(KEY);
        var rows = new LinkedHashMap<StoreKey, StoredRecord>();
        if (!held.isEmpty()) {
            rows.put(STORE_KEY, new StoredRecord(held, null));
        }
        return new Page(rows, true);
    }

    private boolean proves(ReapEffect.Prove prove) {
        VersionedRecord held = node(prove.member()).held(KEY);
        return isOwner(prove.member())
                ? prove.tombstones().getFirst().isHeldAs(new StoredRecord(held, null))
                : held.isEmpty();
    }

    private void ownersExchange() {
        for (NodeId one : partition.owners()) {
            for (NodeId other : partition.owners()) {
                if (!one.equals(other)) {
                    assertTrue(Dialogue.play(node(one), node(other), ExchangeLimits.DEFAULT, random)
                            .report()
                            .isComplete());
                }
            }
        }
    }

    /** Written under the first map, deleted under the second one, which a does not serve. */
    private void deletedWhileAWasNoOwner() {
        VersionVector milk = node(A).put(KEY, VersionVector.EMPTY, 10).context();
        ownersExchange();
        partition = LATER;
        ownersExchange();
        partition.owners().forEach(owner -> node(owner).delete(KEY, milk));
        assertEquals(1, node(A).held(KEY).siblings().size(), "a's row is from before the delete");
    }

    @Test
    void t1_whatWasDeletedMeanwhileStaysDeletedWhenTheSlotComesBack() {
        TombstoneReaper reaper = reaperThatAsks(true);
        deletedWhileAWasNoOwner();

        reapForSomeTime(reaper);
        assertEquals(0, reaper.reaped());
        partition = AGAIN;
        reapForSomeTime(reaper);
        assertEquals(0, reaper.reaped(), "a holds something else yet");
        ownersExchange();
        reapForSomeTime(reaper);

        MEMBERS.forEach(member -> assertEquals(List.of(), node(member).held(KEY).siblings(), member::toString));
    }

    /** Why whoever is a member is asked, and not the owners alone. */
    @Test
    void t1_ifOnlyOwnersWereAskedItWouldBeBack() {
        deletedWhileAWasNoOwner();

        reapForSomeTime(reaperThatAsks(false));
        partition = AGAIN;
        ownersExchange();

        partition
                .owners()
                .forEach(owner ->
                        assertEquals(1, node(owner).held(KEY).siblings().size(), owner::toString));
    }
}
