package io.dynamokv.bench.workload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;

class WriteLedgerTest {
    private final WriteLedger ledger = new WriteLedger(3);

    @Test
    void numbersTheWritesOfEachKey() {
        assertEquals(1, ledger.begin(0));
        assertEquals(2, ledger.begin(0));
        assertEquals(1, ledger.begin(1));
    }

    @Test
    void keepsTheLatestAcknowledgementAndWhatIsOpen() {
        ledger.begin(2);
        ledger.begin(2);
        ledger.begin(2);
        ledger.acknowledge(2, 2);
        ledger.acknowledge(2, 1);
        ledger.leaveOpen(2, 3);
        assertEquals(new KeyHistory(3, 2, Set.of(3)), ledger.history(2));
        assertArrayEquals(new int[] {2}, ledger.acknowledgedKeys().toArray());
    }
}
