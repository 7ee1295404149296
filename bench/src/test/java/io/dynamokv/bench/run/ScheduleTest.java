package io.dynamokv.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    /** As System.nanoTime may be, close to where it begins anew. */
    private static final long START = Long.MAX_VALUE - 5_000_000;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<Long> givenUp = new ArrayList<>();
    private final Schedule thousand = new Schedule(1_000, START, PATIENCE, givenUp::add);

    private static List<Long> takeAll(Schedule schedule, long nowNanos) {
        var due = new ArrayList<Long>();
        for (OptionalLong next = schedule.take(nowNanos); next.isPresent(); next = schedule.take(nowNanos)) {
            due.add(next.getAsLong() - START);
        }
        return due;
    }

    @Test
    void hasOneDueAtTheStartAndOneAfterEachInterval() {
        assertEquals(List.of(0L), takeAll(thousand, START));
        assertEquals(List.of(), takeAll(thousand, START + MILLI - 1));
        assertEquals(List.of(MILLI), takeAll(thousand, START + MILLI));
    }

    @Test
    void whatNobodyTookUpKeepsTheTimeAtWhichItWasDue() {
        assertEquals(List.of(0L, MILLI, 2 * MILLI, 3 * MILLI), takeAll(thousand, START + 3 * MILLI + 7));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 997})
    void keepsItsRateForADay(int perSecond) {
        var schedule = new Schedule(perSecond, START, PATIENCE, nanos -> {});
        long day = TimeUnit.DAYS.toNanos(1);
        List<Long> waiting = takeAll(schedule, START + day);
        assertEquals(PATIENCE.toSeconds() * perSecond, waiting.size());
        assertTrue(Math.abs(day - waiting.getLast()) <= 1, "a whole number of them fits into each second");
        assertEquals(day - PATIENCE.toNanos() + SECOND / (double) perSecond, waiting.getFirst(), 1);
    }

    @Test
    void givesUpWhatHasWaitedTooLongAndTellsWhenItWasDue() {
        long patience = PATIENCE.toNanos();
        assertEquals(patience / MILLI, takeAll(thousand, START + patience).size());
        assertEquals(List.of(START), givenUp);
    }

    @Test
    void whatWasDueBeforeTheEndIsStillTakenUpOrGivenUp() {
        thousand.end(START + 3 * MILLI);
        assertFalse(thousand.isOver(START + 9 * MILLI));
        assertEquals(OptionalLong.of(START), thousand.take(START + 9 * MILLI));
        assertFalse(thousand.isOver(START + PATIENCE.toNanos()));
        assertTrue(thousand.isOver(START + 2 * MILLI + PATIENCE.toNanos()));
        assertEquals(List.of(START + MILLI, START + 2 * MILLI), givenUp, "the end itself is outside");
    }

    @Test
    void knowsHowLongItIsUntilTheNextOne() {
        assertEquals(MILLI, thousand.nanosToNext(START));
        assertEquals(1, thousand.nanosToNext(START + MILLI - 1));
        assertEquals(MILLI, thousand.nanosToNext(START + 7 * MILLI));
    }
}
