package io.dynamokv.core.reaping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.simulation.Samples;
import io.dynamokv.core.store.Page;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.Tombstone;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rules T1 and T2: a and b own partition 7, c owns no slot of it; a reaps. */
class TombstoneReaperTest {
    private static final NodeId A = Samples.node("a");
    private static final NodeId B = Samples.node("b");
    private static final NodeId C = Samples.node("c");
    private static final ReapSettings SETTINGS = new ReapSettings(2, 1000, 300, 100, 2, 50);
    private static final ReapEffect SCAN = new ReapEffect.Scan(Span.ofPartition(7), 2);
    private static final Row MILK = tombstone("milk", 5000);
    private static final Row EGGS = tombstone("eggs", 5000);

    private final List<Integer> partitions = new ArrayList<>(List.of(7));
    private final TombstoneReaper reaper = new TombstoneReaper(SETTINGS, new TombstoneReaper.View() {
        @Override
        public List<Integer> partitions() {
            return partitions;
        }

        @Override
        public List<NodeId> owners(int partition) {
            return List.of(A, B);
        }

        @Override
        public List<NodeId> members() {
            return List.of(A, B, C);
        }
    });

    /** A row, as a page has it. */
    private record Row(StoreKey key, StoredRecord stored) {}

    private static Page page(boolean isLast, Row... rows) {
        var all = new LinkedHashMap<StoreKey, StoredRecord>();
        for (Row row : rows) {
            all.put(row.key(), row.stored());
        }
        return new Page(all, isLast);
    }

    private static Row tombstone(String name, long deletedAtMillis) {
        VersionedRecord value = value(name);
        return row(name, value.discard(value.context(), deletedAtMillis));
    }

    private static VersionedRecord value(String name) {
        var dot = new TimedDot(new Dot(new WriterId(name.length()), 1), HybridTime.ofMillis(1));
        return VersionedRecord.EMPTY.update(VersionVector.EMPTY, dot, Samples.content(name));
    }

    private static Row row(String name, VersionedRecord record) {
        return new Row(new StoreKey(7, new Key("carts", name)), new StoredRecord(record, null));
    }

    private static List<Tombstone> of(Row... rows) {
        return List.of(rows).stream()
                .map(row -> Tombstone.of(row.key(), row.stored()))
                .toList();
    }

    private static List<ReapEffect> prove(long round, Row... rows) {
        return List.of(
                new ReapEffect.Prove(A, round, 7, of(rows)),
                new ReapEffect.Prove(B, round, 7, of(rows)),
                new ReapEffect.Prove(C, round, 7, of(rows)));
    }

    /** At 0, by a clock that says 6000. */
    private List<ReapEffect> found(Row... rows) {
        assertEquals(List.of(SCAN), reaper.tick(0, 6000, true));
        return reaper.scanned(page(rows.length < 2, rows));
    }

    private List<ReapEffect> proved(long round, NodeId member, Boolean... proofs) {
        return reaper.proved(member, round, List.of(proofs));
    }

    private void provedByAll(long round) {
        proved(round, A, true);
        proved(round, B, true);
        proved(round, C, true);
    }

    @Test
    void aTombstoneGoesWhenAllMembersHaveProvedItTwiceWithTimeBetween() {
        assertEquals(prove(1, MILK), found(MILK));
        provedByAll(1);

        assertEquals(
                List.of(), onlyProofs(reaper.tick(299, 6299, true)), "what is on its way must arrive or die first");
        assertEquals(prove(1, MILK), onlyProofs(reaper.tick(300, 6300, true)));
        proved(1, C, true);
        proved(1, A, true);
        assertEquals(
                List.of(new ReapEffect.Reap(A, 7, of(MILK)), new ReapEffect.Reap(B, 7, of(MILK))), proved(1, B, true));
        assertEquals(1, reaper.reaped());
    }

    private static List<ReapEffect> onlyProofs(List<ReapEffect> effects) {
        return effects.stream()
                .filter(effect -> !(effect instanceof ReapEffect.Scan))
                .toList();
    }

    @Test
    void oneThatIsTooYoungStays() {
        assertEquals(List.of(), found(tombstone("milk", 5001)));
        assertTrue(reaper.isIdle());
    }

    @Test
    void aValueIsNoTombstone() {
        assertEquals(List.of(), found(row("milk", value("milk"))));
    }

    @Test
    void oneMemberThatDoesNotAnswerStopsIt() {
        found(MILK);
        proved(1, A, true);
        proved(1, B, true);

        reaper.tick(100, 6100, true);
        assertEquals(1, reaper.unanswered());
        assertEquals(Optional.of(C), reaper.silent());
        assertEquals(List.of(), proved(1, C, true), "too late");
        assertEquals(List.of(), onlyProofs(reaper.tick(400, 6400, true)));
    }

    @Test
    void oneMemberThatFailsStopsIt() {
        found(MILK);
        assertEquals(Optional.empty(), reaper.silent());
        reaper.failed(C, 1);

        assertEquals(1, reaper.unanswered());
        assertEquals(Optional.of(C), reaper.silent());
        assertEquals(List.of(), proved(1, A, true));
        assertTrue(reaper.isIdle());
    }

    @Test
    void whatOneMemberDoesNotProveStaysAndTheOthersGoOn() {
        assertEquals(prove(1, MILK, EGGS), found(MILK, EGGS));
        proved(1, A, true, true);
        proved(1, B, true, true);
        proved(1, C, false, true);

        assertEquals(prove(1, EGGS), onlyProofs(reaper.tick(300, 6300, true)));
    }

    @Test
    void whatIsProvedOnlyTheFirstTimeStays() {
        found(MILK);
        provedByAll(1);
        reaper.tick(300, 6300, true);

        proved(1, A, true);
        proved(1, B, true);
        assertEquals(List.of(), proved(1, C, false));
        assertEquals(0, reaper.reaped());
    }

    @Test
    void aMemberThatAnswersTwiceCountsOnce() {
        found(MILK);
        proved(1, A, true);
        proved(1, A, true);
        proved(1, B, true);

        assertEquals(List.of(), onlyProofs(reaper.tick(400, 6400, true)), "c has not answered");
    }

    @Test
    void anAnswerToAnotherQuestionStopsIt() {
        found(MILK);

        assertEquals(List.of(), proved(1, A, true, true));
        assertTrue(reaper.isIdle());
    }

    @Test
    void pagesArePassedOneByOneAndThePassBeginsAgainAfterAPause() {
        found(tombstone("milk", 5999), tombstone("eggs", 5999));
        var next = new ReapEffect.Scan(Span.ofPartition(7).behind(new Key("carts", "eggs")), 2);
        assertEquals(List.of(next), reaper.tick(1, 6001, true));
        reaper.scanned(page(true));

        assertEquals(List.of(), reaper.tick(2, 6002, true), "the pass is over");
        assertEquals(List.of(), reaper.tick(51, 6051, true));
        assertEquals(List.of(SCAN), reaper.tick(52, 6052, true));
    }

    /** Dynamo 6.5. */
    @Test
    void whileClientsNeedTheDiskNothingIsReadAndWhatWasFoundGoesOn() {
        assertEquals(List.of(), reaper.tick(0, 6000, false));
        found(MILK);
        provedByAll(1);

        assertEquals(prove(1, MILK), reaper.tick(300, 6300, false));
    }

    @Test
    void noMoreRoundsThanAllowedAreUnderWay() {
        found(MILK, EGGS);
        reaper.tick(1, 6001, true);
        reaper.scanned(page(true, MILK, EGGS));

        assertEquals(List.of(), reaper.tick(2, 6002, true));
    }

    @Test
    void aPartitionWhoseSlotsMoveIsLeftAlone() {
        found(tombstone("milk", 5999), tombstone("eggs", 5999));
        partitions.clear();

        assertEquals(List.of(), reaper.tick(1, 6001, true));
    }
}
