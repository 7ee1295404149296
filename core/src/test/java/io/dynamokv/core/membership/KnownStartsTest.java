package io.dynamokv.core.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.simulation.Samples;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rule N3: which start of a node is spoken with. */
class KnownStartsTest {
    private static final NodeId A = Samples.node("a");
    private static final BootId SECOND = new BootId(2, 22);
    private static final KnownStarts.Meeting KNOWN = new KnownStarts.Meeting.Known();
    private static final KnownStarts.Meeting NEWER = new KnownStarts.Meeting.Newer();

    private final KnownStarts starts = new KnownStarts(Map.of());

    @Test
    void aNodeIsSpokenWithFromItsFirstMeetingOnAndAfterEachLaterStart() {
        assertEquals(NEWER, starts.meet(A, SECOND));
        assertEquals(KNOWN, starts.meet(A, SECOND));
        assertEquals(NEWER, starts.meet(A, new BootId(7, 77)));
        assertEquals(Map.of(A, new BootId(7, 77)), starts.newest());
    }

    /** 1. a directory is copied at start 1; 2. the node starts as 2; 3. the copy is put back, and starts. */
    @Test
    void n3_aCopyFromBeforeTheLastStartIsTurnedAway() {
        starts.meet(A, new BootId(3, 33));

        assertEquals(
                new KnownStarts.Meeting.TurnedAway(
                        "node " + A + " comes with start number 2, and its start 3 is known here"),
                starts.meet(A, SECOND));
        assertEquals(Map.of(A, new BootId(3, 33)), starts.newest());
    }

    @Test
    void n3_twoProcessesWithOneNumberAreOneTooMany() {
        starts.meet(A, SECOND);

        assertEquals(
                new KnownStarts.Meeting.TurnedAway(
                        "node " + A + " has start number 2 twice: two processes run with one node's id"),
                starts.meet(A, new BootId(2, 23)));
        assertEquals(KNOWN, starts.meet(A, SECOND));
    }

    @Test
    void n3_whatWasKnownBeforeARestartCountsStill() {
        assertEquals(
                NEWER.getClass(),
                new KnownStarts(Map.of(A, SECOND)).meet(A, new BootId(3, 1)).getClass());
        assertEquals(KNOWN, new KnownStarts(Map.of(A, SECOND)).meet(A, SECOND));
    }
}
