package io.dynamokv.node.runtime;

import static io.dynamokv.node.runtime.NodeOnOneLoop.node;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.node.LogLines;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReapLogTest {
    private static final long MINUTE = 60_000;

    private final LogLines log = LogLines.of(ReapLog.class);
    private final ReapLog reaping = new ReapLog(0);

    @AfterEach
    void stop() {
        log.close();
    }

    private List<String> unanswered(long nowMillis) {
        reaping.unanswered(node(2), nowMillis);
        return log.next();
    }

    @Test
    void whatWentIsSaidOnceInAMinute() {
        reaping.tick(0);
        assertEquals(List.of(), log.next());

        reaping.reaped(7, 2);
        reaping.reaped(3, 1);
        reaping.tick(1);
        assertEquals(List.of("INFO 3 tombstones of partitions [3, 7] went"), log.next());

        reaping.reaped(3, 5);
        reaping.tick(MINUTE);
        assertEquals(List.of(), log.next());
        reaping.tick(MINUTE + 1);
        assertEquals(List.of("INFO 5 tombstones of partitions [3] went"), log.next());
    }

    @Test
    void aMemberThatKeepsThemForLongIsNamedOnceInAnHour() {
        String begin = "WARN Tombstones stay, for ";
        String end = " minutes now: member " + node(2) + " does not answer for them, or will not";
        for (int minute = 1; minute < 11; minute++) {
            assertEquals(List.of(), unanswered(minute * MINUTE));
        }

        assertEquals(List.of(begin + 10 + end), unanswered(11 * MINUTE));
        for (int minute = 12; minute < 71; minute++) {
            assertEquals(List.of(), unanswered(minute * MINUTE));
        }
        assertEquals(List.of(begin + 70 + end), unanswered(71 * MINUTE));
    }

    @Test
    void oneThatIsAwayNowAndThenIsNoNews() {
        for (int i = 0; i < 20; i++) {
            assertEquals(List.of(), unanswered(i * (11 * MINUTE)));
        }
    }

    @Test
    void whereSomeWentMeanwhileNothingStays() {
        for (int minute = 0; minute < 60; minute++) {
            assertEquals(List.of(), unanswered(minute * MINUTE));
            reaping.reaped(1, 1);
            reaping.tick(minute * MINUTE);
            log.next();
        }
    }
}
