package io.dynamokv.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** That they wait for so long is {@link RequestGateTest}'s matter. */
class RefusalTurnsTest {
    @Test
    void aNodeThatIsNotLateRefusesAtOnceAndOneThatIsTakesLongerTheLaterItIs() {
        assertEquals(0, RefusalTurns.waitMillis(0));
        assertEquals(0, RefusalTurns.waitMillis(9));
        assertEquals(100, RefusalTurns.waitMillis(10));
        assertEquals(200, RefusalTurns.waitMillis(20));
        assertEquals(500, RefusalTurns.waitMillis(51));
        assertEquals(500, RefusalTurns.waitMillis(Long.MAX_VALUE / 100));
    }
}
