package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecentMaxTest {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    @Test
    void isTheLargestOfAMinuteAtLeastAndOfTwoAtMost() {
        var max = new RecentMax(5);
        assertEquals(0, max.value());

        max.saw(7);
        max.saw(3);
        assertEquals(7, max.value());
        max.tick(5 + MINUTE - 1);
        assertEquals(7, max.value());
        max.tick(5 + MINUTE);
        max.saw(4);
        assertEquals(7, max.value(), "it may have been a moment ago");
        max.tick(5 + 2 * MINUTE);
        assertEquals(4, max.value());
        max.tick(5 + 3 * MINUTE);
        assertEquals(0, max.value());
    }
}
