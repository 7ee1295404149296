package io.dynamokv.node.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.node.LogLines;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShedLogTest {
    private final LogLines log = LogLines.of(ShedLog.class);
    private final ShedLog shedding = new ShedLog();

    @AfterEach
    void stop() {
        log.close();
    }

    private List<String> look(long refused, long underWay, long nowMillis) {
        shedding.look(new ShedLog.Seen(refused, underWay, 100), nowMillis);
        return log.next();
    }

    private static List<String> begins(int refused) {
        return List.of("WARN Too much is under way, and requests are refused: " + refused
                + " so far; 99 are under way now, and 100 may be");
    }

    @Test
    void aLineSaysWhenRefusalsBeginAndOneWhenThereWereNoneForAMinute() {
        assertEquals(List.of(), look(0, 100, 0));

        assertEquals(begins(7), look(7, 99, 2000));
        assertEquals(List.of(), look(9, 99, 4000));
        assertEquals(List.of(), look(9, 3, 6000));
        assertEquals(List.of(), look(10, 99, 60_000), "again, before it was over");
        assertEquals(List.of(), look(10, 3, 119_999));
        assertEquals(
                List.of(
                        "INFO No request was refused for a minute, 10 were before that; 3 are under way now, and 100 may be"),
                look(10, 3, 120_000));
        assertEquals(List.of(), look(10, 3, 300_000));

        assertEquals(begins(2), look(12, 99, 302_000));
    }
}
