package io.dynamokv.core.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.store.RecordLimits;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * The coordinator machines, the batch step and the records together, on networks that lose and disks that forget. What must hold then
 * is the {@link Oracle}'s (rules W3, W4, D3 to D5, R1; Dynamo 4.4 to 4.6) and the {@link DotLedger}'s (D2); how a machine must behave, {@link SimulatedNode}'s.
 */
class ClusterSimulationTest {
    private static final Plan OVERLAPPING =
            new Plan(5, 3, 2, 2, RecordLimits.DEFAULT, 2, 40, Faults.MANY, Mutation.NONE);

    @Test
    void whateverFailsNoAcknowledgedWriteIsLostAndNoRefusedOneAppears() {
        var paths = new Paths();
        SeededProperty.forSeeds(2000, random -> {
            Cluster.Story story = Cluster.play(Plan.draw(random), random);

            assertTrue(Plan.isEnough(story), () -> story.operations() + " operations, " + story.faults() + " faults");
            paths.add(story.paths());
        });
        for (Paths.Path path : Paths.Path.values()) {
            assertTrue(paths.count(path) > 0, () -> "it never came to this: " + path);
        }
    }

    @Test
    void overlappingQuorumsReadTheirWritesWhateverFails() {
        SeededProperty.forSeeds(300, random -> Cluster.play(OVERLAPPING, random));
    }

    /** Stand-ins may keep it, and reads repair it, but neither is sure to; so it must be owed by whoever sent it. */
    @Test
    void whatWasLostOnItsWayToAnOwnerIsOwedAndComparedWithoutWaitingForATurn() {
        var lossesAlone = new Faults(8, 0, 0, 0, 0, 0, 0, 0, 0);
        var paths = new Paths();
        SeededProperty.forSeeds(
                200,
                random -> paths.add(
                        Cluster.play(OVERLAPPING.with(lossesAlone), random).paths()));

        assertTrue(paths.count(Paths.Path.MISSED_WRITE_EXCHANGED) > 0);
    }

    @Test
    void whereNothingFailsEverythingIsAnsweredAndNobodyIsSuspected() {
        SeededProperty.forSeeds(100, random -> {
            Paths paths = Cluster.play(OVERLAPPING.with(Faults.NONE), random).paths();

            assertEquals(0, paths.count(Paths.Path.DOWN_BY_LINKS));
            assertEquals(0, paths.count(Paths.Path.DOWN_BY_GOSSIP));
            assertEquals(0, paths.count(Paths.Path.REFUTED), "who is suspected refutes it");
        });
    }

    @Test
    void oneSeedPlaysTheSameGameTwice() {
        var first = Cluster.play(OVERLAPPING, generator(1)).lines();

        assertEquals(first, Cluster.play(OVERLAPPING, generator(1)).lines());
        assertNotEquals(first, Cluster.play(OVERLAPPING, generator(2)).lines());
    }

    private static RandomGenerator generator(long seed) {
        return SeededProperty.GENERATORS.create(seed);
    }
}
