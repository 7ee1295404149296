package io.dynamokv.core.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private final Schedule schedule = new Schedule();

    @Test
    void whatIsPlannedHappensInTheOrderOfItsTimeAndThenOfItsPlanning() {
        var happened = new ArrayList<String>();
        schedule.after(20, () -> happened.add("last at " + schedule.nowMillis()));
        schedule.after(10, () -> {
            happened.add("first at " + schedule.nowMillis());
            schedule.after(0, () -> happened.add("third at " + schedule.nowMillis()));
        });
        schedule.after(10, () -> happened.add("second at " + schedule.nowMillis()));

        schedule.runUntilNothingIsPlanned();

        assertEquals(List.of("first at 10", "second at 10", "third at 10", "last at 20"), happened);
    }

    @Test
    void whatPlansItselfForEverIsFound() {
        planAgain();

        var found = assertThrows(Violation.class, schedule::runUntilNothingIsPlanned);
        assertEquals(Invariant.EVERYTHING_ENDS, found.invariant());
    }

    private void planAgain() {
        schedule.after(1, this::planAgain);
    }
}
