package io.dynamokv.bench.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProcessMeterTest {
    private static final long OWN = ProcessHandle.current().pid();
    private static final long NOBODY = Integer.MAX_VALUE;

    @Test
    void addsUserAndSystemTimeBehindANameWithBlanksAndBrackets() {
        assertEquals(
                (123 + 45) * 10_000L,
                ProcessMeter.cpuMicros("7 (a (b) c) S 1 7 7 0 -1 4194560 100 0 0 0 123 45 0 0 20 0 1 0 999"));
    }

    @Test
    void readsTheResidentSetAmongTheRest() {
        assertEquals(
                OptionalLong.of(215_432),
                ProcessMeter.residentKilobytes(List.of("Name:\tjava", "VmHWM:\t  300000 kB", "VmRSS:\t  215432 kB")));
        assertEquals(OptionalLong.empty(), ProcessMeter.residentKilobytes(List.of("Name:\tkthreadd")));
    }

    @Test
    void seesItself() {
        assertTrue(ProcessMeter.cpuMicros(OWN).orElseThrow() > 0);
        assertTrue(ProcessMeter.residentKilobytes(OWN).orElseThrow() > 0);
    }

    @Test
    void knowsNothingWhereAProcessIsNotToBeSeen() {
        assertEquals(OptionalLong.empty(), ProcessMeter.cpuMicros(List.of(OWN, NOBODY)));
        assertEquals(OptionalLong.empty(), ProcessMeter.cpuMicros(List.of()));
        assertEquals(OptionalLong.empty(), ProcessMeter.residentKilobytes(NOBODY));
    }
}
