package io.dynamokv.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.bench.client.Target;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetsTest {
    private static final Target A = new Target("a", 1);
    private static final Target B = new Target("b", 1);
    private static final long NOW = 1_000_000_000_000L;

    private final Targets targets = new Targets(List.of(A, B));

    @Test
    void takesTurns() {
        assertEquals(Optional.of(A), targets.at(0, NOW));
        assertEquals(Optional.of(B), targets.at(1, NOW));
        assertEquals(Optional.of(A), targets.at(2, NOW));
        assertEquals(Optional.of(B), targets.at(Integer.MAX_VALUE, NOW));
        assertEquals(Optional.of(A), targets.at(Integer.MIN_VALUE, NOW));
    }

    @Test
    void leavesARefusingNodeOutForAMoment() {
        targets.refusedConnection(A, NOW);
        assertEquals(Optional.of(B), targets.at(0, NOW));
        long later = NOW + Targets.AVOIDANCE.toNanos() + 1;
        assertEquals(Optional.of(A), targets.at(0, later));
    }

    @Test
    void hasNoneWhenAllRefuse() {
        targets.refusedConnection(A, NOW);
        targets.refusedConnection(B, NOW);
        assertEquals(Optional.empty(), targets.at(0, NOW));
    }
}
