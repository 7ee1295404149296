package io.dynamokv.node.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.reaping.ReapSettings;
import io.dynamokv.node.config.NodeConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Rules T1 and W4: a tombstone outlives the time in which what it deleted may be repeated. */
class ReapingSettingsTest {
    private record Times(
            Duration hedge,
            Duration request,
            Duration receive,
            Duration repeats,
            Duration tombstoneAge,
            Duration reapSettle,
            Duration suspectAfter,
            Duration downAfter)
            implements NodeConfig.Timing {
        static Times of(Duration repeats, Duration tombstoneAge) {
            Duration any = Duration.ofSeconds(1);
            return new Times(any, any, any, repeats, tombstoneAge, Duration.ofSeconds(30), any, any);
        }

        static Times of(Duration request, int settleMillis) {
            Duration any = Duration.ofSeconds(1);
            return new Times(
                    any, request, any, TWO_MINUTES, Duration.ofHours(1), Duration.ofMillis(settleMillis), any, any);
        }
    }

    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);

    private static String whyNot(Duration repeats, Duration tombstoneAge) {
        return whyNot(Times.of(repeats, tombstoneAge));
    }

    private static String whyNot(Times times) {
        return String.valueOf(assertThrows(UnusableException.class, () -> ReapingSettings.of(times))
                .getMessage());
    }

    @Test
    void t1_aTombstoneLivesLongerThanRepeatsAreKnown() {
        ReapSettings taken = ReapingSettings.of(Times.of(TWO_MINUTES, TWO_MINUTES.plusMillis(1)));

        assertEquals(120_001, taken.ageMillis());
        assertEquals(30_000, taken.settleMillis());
        assertEquals(
                "dynamokv.timing.tombstone-age must be longer than dynamokv.timing.repeats, 120000 ms,"
                        + " or a repeat would bring back what was deleted; was 120000 ms",
                whyNot(TWO_MINUTES, TWO_MINUTES));
    }

    @Test
    void t1_itsLimitIsTheTimeForRepeatsAsItIsSet() {
        assertEquals(
                51,
                ReapingSettings.of(Times.of(Duration.ofMillis(50), Duration.ofMillis(51)))
                        .ageMillis());
        assertTrue(whyNot(Duration.ofMillis(50), Duration.ofMillis(50)).contains("dynamokv.timing.repeats, 50 ms"));
    }

    @Test
    void t1_t2_betweenTwoProofsAllArrivesThatIsOnItsWay() {
        Duration soon = Duration.ofMillis(700);
        assertEquals(17_001, ReapingSettings.of(Times.of(soon, 17_001)).settleMillis());
        assertEquals(
                "dynamokv.timing.reap-settle must be longer than 17000 ms,"
                        + " for so long what was read before a delete may be on its way, was 17000 ms",
                whyNot(Times.of(soon, 17_000)));
        assertTrue(whyNot(Times.of(Duration.ofSeconds(30), 37_000)).contains("longer than 37000 ms"));
    }

    @Test
    void w4_noMoreTimeForRepeatsIsPromisedThanRecordsKnowThem() {
        assertEquals(
                "dynamokv.timing.repeats must be 1 to 120000 ms, for so long a record knows what it was written by, was 120001 ms",
                whyNot(TWO_MINUTES.plusMillis(1), Duration.ofHours(1)));
        assertTrue(whyNot(Duration.ZERO, Duration.ofHours(1)).startsWith("dynamokv.timing.repeats must be 1 to"));
    }
}
