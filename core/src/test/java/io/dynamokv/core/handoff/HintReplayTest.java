package io.dynamokv.core.handoff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.simulation.Samples;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.Page;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoredRecord;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules H1 and H2: what is kept for an owner is brought to it, page by page, as often as it takes. The slots 0 and 1 are a's and b's. */
class HintReplayTest {
    private static final NodeId A = Samples.node("a");
    private static final NodeId B = Samples.node("b");
    private static final ReplaySettings SETTINGS = new ReplaySettings(2, 1000, 100, 400);

    private final HintLedger ledger = new HintLedger();
    private final Set<NodeId> alive = new HashSet<>(Set.of(A, B));
    private final HintReplay replay = new HintReplay(ledger, SETTINGS, new HintReplay.View() {
        @Override
        public NodeId owner(int partition, int slot) {
            return List.of(A, B).get(slot);
        }

        @Override
        public Liveness liveness(NodeId node) {
            return alive.contains(node) ? Liveness.ALIVE : Liveness.DOWN;
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

    private List<ReplayEffect> scanned(Row... rows) {
        return replay.scanned(page(true, rows));
    }

    private static StoreKey key(int partition, String name) {
        return new StoreKey(partition, new Key("carts", name));
    }

    private Row kept(int partition, String name, int... slots) {
        var all = HintedSlots.NONE;
        for (int slot : slots) {
            all = all.with(HintedSlots.of(slot));
        }
        StoredRecord row = Hints.row(name, all);
        ledger.changed(partition, StoredRecord.NONE, row);
        return new Row(key(partition, name), row);
    }

    private static ReplayEffect scan(int partition) {
        return new ReplayEffect.Scan(Span.ofPartition(partition), 2);
    }

    private static ReplayEffect.Deliver deliver(NodeId owner, int slot, Row row) {
        return new ReplayEffect.Deliver(owner, slot, row.key(), row.stored().record());
    }

    private static ReplayEffect delivered(Row row, int slot) {
        return new ReplayEffect.Store(
                new StoreOperation.Delivered(row.key(), row.stored().record(), HintedSlots.of(slot)));
    }

    @Test
    void rereadsNothingWhileNothingWaits() {
        assertEquals(List.of(), replay.tick(0));
        assertTrue(replay.isIdle());
    }

    @Test
    void aRowGoesForASlotWhenItsOwnerHasConfirmedIt() {
        Row milk = kept(7, "milk", 0, 1);

        assertEquals(List.of(scan(7)), replay.tick(0));
        assertEquals(List.of(deliver(A, 0, milk), deliver(B, 1, milk)), scanned(milk));
        assertEquals(List.of(delivered(milk, 1)), replay.delivered(deliver(B, 1, milk)));
        assertEquals(List.of(), replay.failed(deliver(A, 0, milk)));
    }

    @Test
    void anOwnerThatIsDownIsNotAskedAndNothingIsReadForIt() {
        kept(7, "milk", 0);
        alive.remove(A);

        assertEquals(List.of(), replay.tick(0));

        alive.add(A);
        assertEquals(List.of(scan(7)), replay.tick(1));
    }

    @Test
    void pageAfterPageIsReadWhenTheOneBeforeIsAnswered() {
        Row eggs = kept(7, "eggs", 0);
        Row milk = kept(7, "milk", 0);
        Row salt = kept(7, "salt", 0);

        replay.tick(0);
        replay.scanned(page(false, eggs, milk));
        assertEquals(List.of(delivered(eggs, 0)), replay.delivered(deliver(A, 0, eggs)));
        assertEquals(List.of(), replay.tick(50), "one page at a time");
        assertEquals(
                List.of(
                        delivered(milk, 0),
                        new ReplayEffect.Scan(
                                Span.ofPartition(7).behind(milk.key().key()), 2)),
                replay.delivered(deliver(A, 0, milk)));
        assertEquals(List.of(deliver(A, 0, salt)), scanned(salt));
        assertEquals(List.of(delivered(salt, 0)), replay.delivered(deliver(A, 0, salt)));
        assertTrue(replay.isIdle());
    }

    @Test
    void partitionsTakeTurnsSoThatOneThatIsRefusedDoesNotStopTheOthers() {
        Row milk = kept(3, "milk", 0);
        kept(7, "eggs", 1);

        assertEquals(List.of(scan(3)), replay.tick(0));
        scanned(milk);
        replay.failed(deliver(A, 0, milk));
        assertEquals(List.of(scan(7)), replay.tick(1));
    }

    @Test
    void anOwnerThatFailsIsLeftAloneForLongerAndLonger() {
        Row milk = kept(7, "milk", 0);
        long[] pauses = {100, 200, 400, 400};
        long now = 0;

        for (long pause : pauses) {
            assertEquals(List.of(scan(7)), replay.tick(now));
            scanned(milk);
            replay.failed(deliver(A, 0, milk));
            assertEquals(List.of(), replay.tick(now + pause - 1));
            now += pause;
        }

        assertEquals(List.of(scan(7)), replay.tick(now));
        scanned(milk);
        replay.delivered(deliver(A, 0, milk));
        assertEquals(List.of(scan(7)), replay.tick(now + 1), "one that confirms is forgiven");
    }

    @Test
    void anOwnerThatComesBackIsAskedAtOnce() {
        Row milk = kept(7, "milk", 0);
        replay.tick(0);
        scanned(milk);
        replay.failed(deliver(A, 0, milk));

        alive.remove(A);
        assertEquals(List.of(), replay.tick(1));
        alive.add(A);

        assertEquals(List.of(scan(7)), replay.tick(2));
    }

    @Test
    void whatIsToldTwiceOrTooLateChangesNothing() {
        Row milk = kept(7, "milk", 0);
        replay.tick(0);
        scanned(milk);
        replay.delivered(deliver(A, 0, milk));

        assertEquals(List.of(), replay.failed(deliver(A, 0, milk)));
        assertEquals(List.of(delivered(milk, 0)), replay.delivered(deliver(A, 0, milk)), "the store knows better");
    }

    @Test
    void anAnswerThatDoesNotComeIsAFailure() {
        Row milk = kept(7, "milk", 0);
        replay.tick(0);
        scanned(milk);

        assertEquals(List.of(), replay.tick(999));
        assertEquals(List.of(), replay.tick(1000), "the owner is left alone for a while");
        assertEquals(List.of(scan(7)), replay.tick(1100));
    }

    /** 1. Milk is sent; 2. no answer; 3. the row has grown and is sent again; 4. the answer to the first comes: it is no word about the second. */
    @Test
    void aLateAnswerConfirmsWhatWasSentThen() {
        Row milk = kept(7, "milk", 0);
        var grown = new Row(milk.key(), Hints.row("milk and eggs", HintedSlots.of(0)));
        replay.tick(0);
        scanned(milk);
        replay.tick(1000);
        replay.tick(1100);
        scanned(grown);

        assertEquals(List.of(delivered(milk, 0)), replay.delivered(deliver(A, 0, milk)));
    }

    @Test
    void anOwnersOwnRowsAreNotSent() {
        kept(7, "milk", 0);
        Row own = kept(7, "eggs");

        replay.tick(0);

        assertEquals(List.of(), scanned(own));
    }
}
