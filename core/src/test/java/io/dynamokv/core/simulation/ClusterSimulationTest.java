package io.dynamokv.core.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.store.RecordLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The coordinator machines, the batch step and the records together, on networks that lose and disks that forget. What must hold then
 * (rules D2 to D5, W3, W4, W6, R1; Dynamo 4.4 to 4.6) is in {@link Journal}; how a machine must behave, in {@link SimulatedNode}.
 */
class ClusterSimulationTest {
    @Test
    void whateverFailsNoAcknowledgedWriteIsLostAndNoRefusedOneAppears() {
        SeededProperty.forSeeds(300, random -> Cluster.play(Plan.draw(random), random));
    }

    @Test
    void overlappingQuorumsReadTheirWritesWhateverFails() {
        SeededProperty.forSeeds(
                100, random -> Cluster.play(new Plan(5, 3, 2, 2, RecordLimits.DEFAULT, 40, Faults.MANY), random));
    }

    @Test
    void oneSeedPlaysTheSameGameTwice() {
        Plan plan = new Plan(5, 3, 2, 2, RecordLimits.DEFAULT, 25, Faults.MANY);
        List<String> first = Cluster.play(plan, SeededProperty.GENERATORS.create(1));

        assertEquals(first, Cluster.play(plan, SeededProperty.GENERATORS.create(1)));
        assertNotEquals(first, Cluster.play(plan, SeededProperty.GENERATORS.create(2)));
    }
}
