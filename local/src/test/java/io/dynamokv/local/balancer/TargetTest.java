package io.dynamokv.local.balancer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Which nodes are asked at each turn whether they are ready: the answers would be most of what an idle node does. */
class TargetTest {
    private final Target target = new Target(Backend.of("a", "127.0.0.1", 1, 2), line -> {});

    @Test
    void aNodeThatWorksAndOfWhichNobodyWantsAnythingNeedsNoProbe() {
        target.probeSucceeded();

        assertFalse(target.needsProbe());
    }

    @Test
    void oneThatIsUsedNeedsProbesUntilItIsNotUsedAnyMore() {
        target.probeSucceeded();
        target.requestBegan();
        assertTrue(target.needsProbe());
        assertTrue(target.needsProbe(), "the request is under way");
        target.requestEnded(false);
        target.requestBegan();
        target.requestEnded(false);

        assertTrue(target.needsProbe(), "it was used since");
        assertFalse(target.needsProbe());
    }

    @Test
    void oneThatIsOutOrWasLateNeedsProbes() {
        assertTrue(target.needsProbe());
        target.probeSucceeded();
        target.probeWasLate();
        assertTrue(target.needsProbe());
        target.probeSucceeded();
        assertFalse(target.needsProbe());
    }
}
