package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HedgeBudgetTest {
    private final HedgeBudget budget = new HedgeBudget();

    private int takenOf(int requests) {
        int taken = 0;
        for (int i = 0; i < requests; i++) {
            budget.requestBegan();
            taken += budget.take() ? 1 : 0;
        }
        return taken;
    }

    @Test
    void aPeerThatFallsSilentIsHedgedForAllThatWaitForIt() {
        assertEquals(HedgeBudget.SAVED_MAX, takenOf(HedgeBudget.SAVED_MAX));
    }

    @Test
    void whereAllAreSlowHedgesAddATenthAndNoMore() {
        takenOf(2 * HedgeBudget.SAVED_MAX);

        assertEquals(1000, takenOf(10_000));
    }

    @Test
    void whatWasSavedIsBounded() {
        for (int i = 0; i < 1_000_000; i++) {
            budget.requestBegan();
        }
        for (int i = 0; i < HedgeBudget.SAVED_MAX; i++) {
            assertTrue(budget.take());
        }
        assertFalse(budget.take());
    }
}
