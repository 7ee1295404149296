package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Rule T2. */
class PauseWatchTest {
    @Test
    void aSecondBetweenTwoTicksIsNoPauseAndMoreIs() {
        var watch = new PauseWatch(5000);

        assertEquals(0, watch.tick(6000));
        assertEquals(1001, watch.tick(7001));
        assertEquals(0, watch.tick(7051), "it is told once");
    }
}
