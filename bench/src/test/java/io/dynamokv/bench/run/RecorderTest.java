package io.dynamokv.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecorderTest {
    private final Recorder recorder = new Recorder(Window.BY_END);

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void countsOnlyWhatEndsInTheWindow() {
        recorder.success(Operation.READ, millis(1), millis(2));
        recorder.error(Operation.READ, "503", millis(1));
        recorder.open(millis(10));
        recorder.success(Operation.READ, millis(9), millis(12));
        recorder.success(Operation.WRITE, millis(12), millis(13));
        recorder.error(Operation.WRITE, "504", millis(9));
        recorder.error(Operation.WRITE, "504", millis(9));
        recorder.close(millis(1_010));
        recorder.success(Operation.READ, millis(1_009), millis(1_011));
        assertEquals(1, recorder.latencies(Operation.READ).count());
        assertEquals(3, recorder.latencies(Operation.READ).maxMillis(), 0.01);
        assertEquals(1, recorder.latencies(Operation.WRITE).perSecond(), 0.001);
        assertEquals(Map.of("write 504", 2L), recorder.errors());
        assertEquals(3 + 1, recorder.successes());
        assertEquals(3, recorder.failures());
    }

    @Test
    void anOpenLoopCountsWhatWasDueInTheWindowWheneverItEnds() {
        var byDue = new Recorder(Window.BY_DUE);
        byDue.success(Operation.READ, millis(1), millis(2));
        byDue.open(millis(10));
        byDue.success(Operation.READ, millis(9), millis(12));
        byDue.success(Operation.READ, millis(10), millis(15));
        byDue.notSent(millis(9));
        byDue.notSent(millis(11));
        byDue.close(millis(1_010));
        byDue.success(Operation.READ, millis(1_009), millis(3_009));
        byDue.success(Operation.READ, millis(1_010), millis(3_011));
        byDue.error(Operation.READ, "503", millis(1_009));
        byDue.error(Operation.READ, "503", millis(1_010));
        byDue.notSent(millis(1_009));
        byDue.notSent(millis(1_010));
        assertEquals(2, byDue.latencies(Operation.READ).count());
        assertEquals(2_000, byDue.latencies(Operation.READ).maxMillis(), 2);
        assertEquals(Map.of("read 503", 1L), byDue.errors());
        assertEquals(2, byDue.notSent());
        assertEquals(2, byDue.ended(), "what succeeded while the window was open, whenever it was due");
        assertEquals(2, byDue.latencies(Operation.READ).perSecond(), 0.001);
    }

    @Test
    void theLongestGapMayBeAtEitherEnd() {
        recorder.open(millis(0));
        recorder.success(Operation.READ, millis(0), millis(30));
        recorder.success(Operation.READ, millis(30), millis(50));
        recorder.close(millis(60));
        assertEquals(30, recorder.longestGapMillis());
        var silent = new Recorder(Window.BY_END);
        silent.open(millis(0));
        silent.close(millis(80));
        assertEquals(80, silent.longestGapMillis());
    }
}
