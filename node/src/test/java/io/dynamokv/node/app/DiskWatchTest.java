package io.dynamokv.node.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.node.LogLines;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiskWatchTest {
    private final LogLines log = LogLines.of(DiskWatch.class);
    private final DiskWatch watch = new DiskWatch(90);

    @AfterEach
    void stop() {
        log.close();
    }

    @Test
    void w6_fromItsLimitOnTheDiskIsNearlyFull() {
        assertFalse(watch.isNearlyFull(89));
        assertTrue(watch.isNearlyFull(90));
        assertTrue(watch.isNearlyFull(100));
        assertFalse(watch.isNearlyFull(89));
        assertTrue(new DiskWatch(50).isNearlyFull(50), "as it is configured");
    }

    @Test
    void aLineSaysWhenItBeginsAndOneWhenItEndsAndNoneWhileItLasts() {
        watch.isNearlyFull(89);
        assertEquals(List.of(), log.next());

        watch.isNearlyFull(92);
        watch.isNearlyFull(93);
        assertEquals(
                List.of("WARN The disk is nearly full: 92 % are used, and from 90 % on clients' puts are refused"),
                log.next());

        watch.isNearlyFull(70);
        watch.isNearlyFull(71);
        assertEquals(
                List.of("INFO The disk has room again: 70 % are used, and below 90 % clients' puts are taken"),
                log.next());
    }
}
