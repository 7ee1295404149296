package io.dynamokv.operator.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nobody's writes are answered as fast as the API server takes them. */
final class ContestTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final Contest contest = new Contest();

    @Test
    void writesThatNobodyUndoesAreNeverHeldBack() {
        Duration between = Contest.WINDOW.dividedBy(Contest.WRITES_MAX);
        for (int write = 0; write < 10 * Contest.WRITES_MAX; write++) {
            assertEquals(Optional.empty(), contest.mustWait("carts", BEGIN.plus(between.multipliedBy(write))));
        }
    }

    @Test
    void whatIsUndoneAtOnceAgainAndAgainWaitsUntilTheOldestWriteIsLongAgo() {
        writeAsOftenAsAllowed("carts");

        Instant later = BEGIN.plusSeconds(20);
        assertEquals(Optional.of(Contest.WINDOW.minusSeconds(20)), contest.mustWait("carts", later));
        assertEquals(Optional.empty(), contest.mustWait("carts", BEGIN.plus(Contest.WINDOW)));
    }

    @Test
    void oneContestedResourceHoldsNoOtherBack() {
        writeAsOftenAsAllowed("carts");

        assertEquals(Optional.empty(), contest.mustWait("others", BEGIN));
    }

    private void writeAsOftenAsAllowed(String resource) {
        for (int write = 0; write < Contest.WRITES_MAX; write++) {
            assertEquals(Optional.empty(), contest.mustWait(resource, BEGIN));
        }
    }
}
