package io.dynamokv.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class IncarnationTest {
    @Test
    void aRestartsFirstIsAboveAllOfItsEarlierStarts() {
        var first = Incarnation.first(new BootId(3, 7));
        var refuted = first.next().next();

        assertTrue(refuted.isAfter(first));
        assertTrue(Incarnation.first(new BootId(4, 1)).isAfter(refuted));
        assertFalse(first.isAfter(first));
        assertEquals("3.2", refuted.toString());
    }

    @Test
    void noneIsBelowAll() {
        assertTrue(Incarnation.first(new BootId(1, 0)).isAfter(Incarnation.NONE));
    }

    @Test
    void numbersAreNeverNegativeAndNeverWrap() {
        assertThrows(IllegalArgumentException.class, () -> new Incarnation(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Incarnation(1, -1));
        assertThrows(ArithmeticException.class, () -> new Incarnation(1, Long.MAX_VALUE).next());
    }
}
