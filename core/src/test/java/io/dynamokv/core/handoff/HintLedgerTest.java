package io.dynamokv.core.handoff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.handoff.HintLedger.Waiting;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HintLedgerTest {
    private final HintLedger ledger = new HintLedger();

    @Test
    void countsARowForEachSlotThatItWaitsFor() {
        StoredRecord forTwo = Hints.row("milk", HintedSlots.of(0).with(HintedSlots.of(2)));

        ledger.changed(7, StoredRecord.NONE, forTwo);
        ledger.changed(3, StoredRecord.NONE, Hints.row("eggs", HintedSlots.of(2)));

        assertEquals(1, ledger.rows(new Waiting(7, 0)));
        assertEquals(1, ledger.rows(new Waiting(7, 2)));
        assertEquals(0, ledger.rows(new Waiting(7, 1)));
        List<Waiting> inOrder = new ArrayList<>();
        ledger.waiting().forEach(inOrder::add);
        assertEquals(List.of(new Waiting(3, 2), new Waiting(7, 0), new Waiting(7, 2)), inOrder);
    }

    @Test
    void forgetsWhatIsDeliveredAndItsBytes() {
        StoredRecord row = Hints.row("milk", HintedSlots.of(1));
        ledger.changed(7, StoredRecord.NONE, row);
        assertTrue(ledger.bytes() > 0);

        ledger.changed(7, row, StoredRecord.NONE);

        assertTrue(ledger.isEmpty());
        assertEquals(0, ledger.bytes());
    }

    @Test
    void doesNotCountWhatAnOwnerHolds() {
        ledger.changed(7, StoredRecord.NONE, Hints.row("milk", HintedSlots.NONE));

        assertTrue(ledger.isEmpty());
        assertEquals(0, ledger.bytes());
    }

    @Test
    void countsTheLargerRowInPlaceOfTheSmaller() {
        StoredRecord small = Hints.row("milk", HintedSlots.of(1));
        StoredRecord large = Hints.row("milk and eggs and flour", HintedSlots.of(1));
        ledger.changed(7, StoredRecord.NONE, small);
        long before = ledger.bytes();

        ledger.changed(7, small, large);

        assertTrue(ledger.bytes() > before);
        assertEquals(1, ledger.rows(new Waiting(7, 1)));
        assertFalse(ledger.isEmpty());
    }
}
