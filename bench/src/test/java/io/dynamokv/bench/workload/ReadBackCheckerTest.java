package io.dynamokv.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadBackCheckerTest {
    private static final Observation ABSENT = new Observation.Absent();
    private static final Observation UNREADABLE = new Observation.Unreadable();

    /** Seven attempts: 5 is acknowledged, 6 was refused, 7 is unknown. */
    private static final KeyHistory HISTORY = new KeyHistory(7, 5, Set.of(7));

    private static Observation seen(int sequence) {
        return new Observation.Seen(sequence);
    }

    private static void assertVerdict(Verdict verdict, Observation... readings) {
        assertEquals(verdict, ReadBackChecker.judge(HISTORY, List.of(readings)));
    }

    @Test
    void theLastAcknowledgedWriteIsIntact() {
        assertVerdict(Verdict.INTACT, seen(5));
    }

    @Test
    void aLaterWriteOfUnknownOutcomeExplainsItself() {
        assertVerdict(Verdict.INTACT, seen(7), seen(5));
    }

    @Test
    void aReadingThatFailsBesideGoodOnesIsNoDamage() {
        assertVerdict(Verdict.INTACT, UNREADABLE, seen(5));
    }

    @Test
    void anOlderValueEverywhereMeansLost() {
        assertVerdict(Verdict.LOST, seen(4), seen(4));
    }

    @Test
    void noValueMeansLost() {
        assertVerdict(Verdict.LOST, ABSENT);
        assertVerdict(Verdict.LOST, ABSENT, UNREADABLE);
    }

    @Test
    void aValueOfAnEarlierRunMeansLost() {
        assertVerdict(Verdict.LOST, seen(0));
    }

    @Test
    void anOlderValueAtOneNodeOnlyIsStale() {
        assertVerdict(Verdict.STALE, seen(4), seen(5));
        assertVerdict(Verdict.STALE, seen(7), ABSENT);
    }

    @Test
    void aKeyThatNobodyCanReadHasFailed() {
        assertVerdict(Verdict.FAILED, UNREADABLE, UNREADABLE);
    }

    @Test
    void aRefusedWriteThatShowsUpIsInvented() {
        assertVerdict(Verdict.INVENTED, seen(5), seen(6));
    }

    @Test
    void aWriteThatWasNeverSentIsInvented() {
        assertVerdict(Verdict.INVENTED, seen(8));
    }

    @Test
    void aForeignValueIsInvented() {
        assertVerdict(Verdict.INVENTED, seen(5), new Observation.Foreign());
    }

    @Test
    void withoutAnAcknowledgementNothingCanBeLost() {
        var open = new KeyHistory(2, 0, Set.of(1));
        assertEquals(Verdict.INTACT, ReadBackChecker.judge(open, List.of(ABSENT, seen(0), seen(1))));
        assertEquals(Verdict.INVENTED, ReadBackChecker.judge(open, List.of(seen(2))));
    }

    @Test
    void aHistoryAcknowledgesOnlyWhatWasSent() {
        assertThrows(IllegalArgumentException.class, () -> new KeyHistory(1, 2, Set.of()));
    }
}
