package io.dynamokv.local.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.local.balancer.Choice.Candidate;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChoiceTest {
    private static final Candidate IDLE = new Candidate(true, 0, 0);
    private static final Candidate OUT = new Candidate(false, 0, 0);

    @Test
    void equalNodesTakeTurns() {
        List<Integer> chosen = IntStream.range(0, 6)
                .map(rotation -> choose(List.of(IDLE, IDLE, IDLE), Set.of(), rotation))
                .boxed()
                .toList();
        assertEquals(List.of(0, 1, 2, 0, 1, 2), chosen);
    }

    @Test
    void aNodeThatIsOutIsNeverChosen() {
        for (int rotation = 0; rotation < 3; rotation++) {
            assertEquals(1, choose(List.of(OUT, IDLE, OUT), Set.of(), rotation));
        }
    }

    @Test
    void noNodeIsTriedTwice() {
        assertEquals(2, choose(List.of(IDLE, OUT, IDLE), Set.of(0), 0));
        assertEquals(OptionalInt.empty(), Choice.next(List.of(IDLE, OUT, IDLE), Set.of(0, 2), 0));
    }

    @Test
    void theLeastBusyNodeIsChosen() {
        assertEquals(
                1,
                choose(
                        List.of(new Candidate(true, 5, 0), new Candidate(true, 2, 0), new Candidate(true, 9, 0)),
                        Set.of(),
                        0));
    }

    @Test
    void aNodeThatOwesAnOverdueAnswerComesLastHoweverIdle() {
        assertEquals(1, choose(List.of(new Candidate(true, 1, 1), new Candidate(true, 40, 0)), Set.of(), 0));
    }

    @Test
    void aNodeThatOwesAnAnswerIsBetterThanNone() {
        assertEquals(0, choose(List.of(new Candidate(true, 1, 1), OUT), Set.of(), 0));
    }

    @Test
    void theRotationMayOverflow() {
        assertEquals(1, choose(List.of(OUT, IDLE), Set.of(), Integer.MIN_VALUE));
    }

    private static int choose(List<Candidate> candidates, Set<Integer> tried, int rotation) {
        return Choice.next(candidates, tried, rotation).orElseThrow();
    }
}
