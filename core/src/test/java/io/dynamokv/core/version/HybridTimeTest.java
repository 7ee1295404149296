package io.dynamokv.core.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import org.junit.jupiter.api.Test;

/** Hybrid logical clocks (Kulkarni et al. 2014), as rule D6 uses them. */
class HybridTimeTest {
    @Test
    void theNextTimeIsAlwaysAfterThisOneAndNeverBehindTheClock() {
        SeededProperty.forSeeds(500, random -> {
            HybridTime time = HybridTime.ofMillis(random.nextLong(1_000));
            for (int i = 0; i < 50; i++) {
                long nowMillis = random.nextLong(1_000);
                HybridTime next = time.next(nowMillis);
                assertTrue(next.isAfter(time));
                assertTrue(next.millis() >= nowMillis);
                time = next;
            }
        });
    }

    @Test
    void aClockThatStandsStillIsCountedOn() {
        HybridTime first = HybridTime.ofMillis(5);

        HybridTime second = first.next(5);

        assertEquals(5, second.millis());
        assertTrue(second.isAfter(first));
    }

    @Test
    void theCounterOverflowsIntoTheMilliseconds() {
        var last = new HybridTime(HybridTime.ofMillis(5).bits() + 0xFFFF);

        assertEquals(HybridTime.ofMillis(6), last.next(5));
    }

    @Test
    void takesTheYear2026AndRefusesWhatDoesNotFit() {
        long year2026 = 1_767_225_600_000L;

        assertEquals(year2026, HybridTime.ofMillis(year2026).millis());
        assertThrows(IllegalArgumentException.class, () -> HybridTime.ofMillis(-1));
        assertThrows(IllegalArgumentException.class, () -> HybridTime.ofMillis(1L << 47));
    }

    /** Regression: the order was signed and the milliseconds were not, so that such a time was before 1970 and long after. */
    @Test
    void aTimeWithTheSignBitIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new HybridTime(-1));
        assertThrows(IllegalArgumentException.class, () -> new HybridTime(Long.MIN_VALUE));
    }
}
