package io.dynamokv.operator.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nobody's writes are answered as fast as the API server takes them. */
final class ContestTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final Contest contest = new Contest();

    @Test
    void writesThatNobodyUndoesAreNeverHeldBack() {
        Duration between = Contest.WINDOW.dividedBy(Contest.REPEATS_MAX);
        for (int write = 0; write < 10 * Contest.REPEATS_MAX; write++) {
            assertEquals(Optional.empty(), write("carts", 1, BEGIN.plus(between.multipliedBy(write))));
        }
    }

    /** A rolling update stood still for most of a minute: each pod that came and went had the budget written twice. */
    @Test
    void anObjectThatIsToBeAnotherOneEachTimeIsNeverHeldBack() {
        for (int write = 0; write < 10 * Contest.REPEATS_MAX; write++) {
            assertEquals(Optional.empty(), write("carts", write % 2, BEGIN));
        }
    }

    @Test
    void whatIsUndoneAtOnceAgainAndAgainWaitsUntilTheOldestRepeatIsLongAgo() {
        writeAsOftenAsAllowed("carts");

        Instant later = BEGIN.plusSeconds(20);
        assertEquals(Optional.of(Contest.WINDOW.minusSeconds(20)), write("carts", 1, later));
        assertEquals(Optional.empty(), write("carts", 2, later), "something else is wanted");
        assertEquals(Optional.empty(), write("carts", 2, BEGIN.plus(Contest.WINDOW)));
    }

    @Test
    void oneContestedResourceHoldsNoOtherBack() {
        writeAsOftenAsAllowed("carts");

        assertEquals(Optional.empty(), write("others", 1, BEGIN));
    }

    private void writeAsOftenAsAllowed(String resource) {
        for (int write = 0; write <= Contest.REPEATS_MAX; write++) {
            assertEquals(Optional.empty(), write(resource, 1, BEGIN));
        }
    }

    private Optional<Duration> write(String resource, int policy, Instant now) {
        return contest.mustWait(resource, Map.of("NetworkPolicy carts", policy), now);
    }
}
