package io.dynamokv.e2e.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger ledger = new Ledger();

    @BeforeEach
    void oneAcknowledgedAndOneUnknown() {
        ledger.attempted("k", "first");
        ledger.acknowledged("k", "first");
        ledger.attempted("k", "second");
    }

    @Test
    void theAcknowledgedValueIsKept() {
        assertTrue(ledger.isKept("k", List.of("first")));
        assertTrue(ledger.isKept("k", List.of("other", "first")));
    }

    @Test
    void aLaterAttemptMayHaveTakenItsPlace() {
        assertTrue(ledger.isKept("k", List.of("second")));
    }

    @Test
    void nothingOrSomethingElseIsALoss() {
        assertFalse(ledger.isKept("k", List.of()));
        assertFalse(ledger.isKept("k", List.of("zeroth")));
    }

    @Test
    void anOlderValueIsALossOnceANewerOneIsAcknowledged() {
        ledger.acknowledged("k", "second");
        assertFalse(ledger.isKept("k", List.of("first")));
    }

    @Test
    void aKeyOfWhichNothingWasAcknowledgedIsNotAskedFor() {
        ledger.attempted("unknown", "value");
        assertEquals(Set.of("k"), ledger.acknowledgedKeys());
        assertTrue(ledger.isKept("unknown", List.of()));
    }

    @Test
    void whatWasNotAttemptedCannotBeAcknowledged() {
        assertThrows(IllegalArgumentException.class, () -> ledger.acknowledged("k", "third"));
    }
}
