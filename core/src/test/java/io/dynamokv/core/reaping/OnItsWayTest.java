package io.dynamokv.core.reaping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.simulation.Samples;
import io.dynamokv.core.store.BatchStep;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.Page;
import io.dynamokv.core.store.RecordLimits;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.Tombstone;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Rules T1 and T2 (riak_kv#1725): a value was deleted, and a repair or a hint with it was on its way when the first proof of the tombstone was made. The first
 * three nodes own the key, the fourth stands in. A row is what the batch step makes it, and what a member may say is as the package's page has it.
 */
class OnItsWayTest {
    private static final NodeId A = Samples.node("a");
    private static final NodeId C = Samples.node("c");
    private static final NodeId STAND_IN = Samples.node("d");
    private static final List<NodeId> OWNERS = List.of(A, Samples.node("b"), C);
    private static final List<NodeId> MEMBERS = List.of(A, Samples.node("b"), C, STAND_IN);
    private static final HintedSlots OF_C = HintedSlots.of(2);
    private static final StoreKey KEY = Samples.storeKey("k");
    private static final int SETTLE_MILLIS = 300;
    private static final VersionedRecord MILK = VersionedRecord.EMPTY.update(
            VersionVector.EMPTY,
            new TimedDot(new Dot(new WriterId(4), 1), HybridTime.ofMillis(1)),
            Samples.content("milk"));

    private final BatchStep step =
            new BatchStep(new BootId(1, 1), SeededProperty.GENERATORS.create(1), RecordLimits.DEFAULT);
    private final Map<NodeId, StoredRecord> rows = new LinkedHashMap<>();
    private long nowMillis = 10_000;
    private final TombstoneReaper reaper =
            new TombstoneReaper(new ReapSettings(1 << 10, 1000, SETTLE_MILLIS, 100, 2, 50), new TombstoneReaper.View() {
                @Override
                public List<Integer> partitions() {
                    return List.of(KEY.partition());
                }

                @Override
                public List<NodeId> owners(int partition) {
                    return OWNERS;
                }

                @Override
                public List<NodeId> members() {
                    return MEMBERS;
                }
            });

    private StoredRecord row(NodeId node) {
        return rows.getOrDefault(node, StoredRecord.NONE);
    }

    private void apply(NodeId at, StoreOperation operation) {
        step.apply(List.of(operation), Map.of(KEY, row(at))).changes().forEach((key, after) -> rows.put(at, after));
    }

    /** All owners have it, and it was deleted at all of them. */
    private void aDeletedValue() {
        for (NodeId owner : OWNERS) {
            apply(owner, new StoreOperation.Join(KEY, MILK));
            apply(owner, new StoreOperation.Delete(KEY, VersionedRecord.EMPTY, MILK.context(), 1000));
        }
    }

    private void firstProof() {
        tick();
        assertFalse(reaper.isIdle(), "the second one is yet to come");
    }

    private void secondProof() {
        nowMillis += SETTLE_MILLIS;
        tick();
    }

    /** Whatever it wants is done at once. */
    private void tick() {
        perform(reaper.tick(nowMillis, nowMillis, true));
    }

    private void perform(List<ReapEffect> effects) {
        for (ReapEffect effect : effects) {
            switch (effect) {
                case ReapEffect.Scan _ -> perform(reaper.scanned(rowsOfA()));
                case ReapEffect.Prove prove ->
                    perform(reaper.proved(prove.member(), prove.round(), List.of(proves(prove))));
                case ReapEffect.Reap(NodeId owner, int _, List<Tombstone> tombstones) ->
                    apply(
                            owner,
                            new StoreOperation.Reap(KEY, tombstones.getFirst().vector()));
            }
        }
    }

    private Page rowsOfA() {
        var found = new LinkedHashMap<StoreKey, StoredRecord>();
        if (!row(A).equals(StoredRecord.NONE)) {
            found.put(KEY, row(A));
        }
        return new Page(found, true);
    }

    private boolean proves(ReapEffect.Prove prove) {
        StoredRecord held = row(prove.member());
        return OWNERS.contains(prove.member())
                ? prove.tombstones().getFirst().isHeldAs(held)
                : held.record().isEmpty();
    }

    private boolean nothingIsLeft() {
        return MEMBERS.stream().allMatch(member -> row(member).equals(StoredRecord.NONE));
    }

    @Test
    void withNothingOnItsWayNothingIsLeft() {
        aDeletedValue();

        firstProof();
        assertEquals(0, reaper.reaped(), "not by one proof");
        secondProof();

        assertEquals(1, reaper.reaped());
        assertTrue(nothingIsLeft());
    }

    /** The repair, or a hint that was delivered a second time: at an owner the tombstone is there yet, and covers it. */
    @Test
    void t1_whatReachesAnOwnerBetweenTheProofsIsCoveredByTheTombstone() {
        aDeletedValue();

        firstProof();
        apply(C, new StoreOperation.Join(KEY, MILK));
        assertTrue(row(C).record().isTombstone());
        secondProof();

        assertEquals(1, reaper.reaped());
        assertTrue(nothingIsLeft());
    }

    /** It is a hint from then on, of which the first proof knew nothing. */
    @Test
    void t1_whatReachesAStandInBetweenTheProofsKeepsTheTombstoneUntilItIsDelivered() {
        aDeletedValue();

        firstProof();
        apply(STAND_IN, new StoreOperation.Join(KEY, MILK, OF_C));
        secondProof();
        assertEquals(0, reaper.reaped());
        OWNERS.forEach(owner -> assertTrue(row(owner).record().isTombstone(), owner::toString));

        apply(C, new StoreOperation.Join(KEY, row(STAND_IN).record()));
        apply(STAND_IN, new StoreOperation.Delivered(KEY, MILK, OF_C));
        for (int ticks = 0; ticks < 10; ticks++) {
            nowMillis += 100;
            tick();
        }
        assertEquals(1, reaper.reaped());
        assertTrue(nothingIsLeft());
    }

    /** The stand-in has it when it is asked, whatever of it is on its way. */
    @Test
    void t1_aHintThatIsNotConfirmedKeepsTheTombstone() {
        aDeletedValue();
        apply(STAND_IN, new StoreOperation.Join(KEY, MILK, OF_C));

        tick();
        assertTrue(reaper.isIdle(), "the stand-in says no");
        apply(C, new StoreOperation.Join(KEY, MILK));
        apply(STAND_IN, new StoreOperation.Delivered(KEY, MILK, OF_C));
        secondProof();

        assertEquals(0, reaper.reaped(), "that proof counts for nothing");
    }

    /** Why the time between the proofs must be longer than anything can be on its way (T2): the second one knows no more than the first. */
    @Test
    void t2_whatArrivesAfterTheSecondProofWouldBeBack() {
        aDeletedValue();

        firstProof();
        secondProof();
        apply(C, new StoreOperation.Join(KEY, MILK));

        assertEquals(MILK, row(C).record());
    }
}
