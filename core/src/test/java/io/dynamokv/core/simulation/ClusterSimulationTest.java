package io.dynamokv.core.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.store.RecordLimits;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The coordinator machines, the batch step and the records together, on networks that lose and disks that forget. What must hold then
 * is the {@link Oracle}'s (rules W3, W4, D3 to D5, R1; Dynamo 4.4 to 4.6) and the {@link DotLedger}'s (D2); how a machine must behave, {@link SimulatedNode}'s.
 */
class ClusterSimulationTest {
    private static final Plan OVERLAPPING = new Plan(5, 3, 2, 2, RecordLimits.DEFAULT, 40, Faults.MANY, Mutation.NONE);
    private static final int SEEDS_TO_FIND_A_MISTAKE = 300;

    @Test
    void whateverFailsNoAcknowledgedWriteIsLostAndNoRefusedOneAppears() {
        var paths = new Paths();
        SeededProperty.forSeeds(
                2000,
                random -> paths.add(Cluster.play(Plan.draw(random), random).paths()));
        for (Paths.Path path : Paths.Path.values()) {
            assertTrue(paths.count(path) > 0, () -> "it never came to this: " + path);
        }
    }

    @Test
    void overlappingQuorumsReadTheirWritesWhateverFails() {
        SeededProperty.forSeeds(300, random -> Cluster.play(OVERLAPPING, random));
    }

    @Test
    void whereNothingFailsEverythingIsAnswered() {
        SeededProperty.forSeeds(100, random -> Cluster.play(OVERLAPPING.with(Faults.NONE), random));
    }

    @Test
    void oneSeedPlaysTheSameGameTwice() {
        var first = Cluster.play(OVERLAPPING, generator(1)).lines();

        assertEquals(first, Cluster.play(OVERLAPPING, generator(1)).lines());
        assertNotEquals(first, Cluster.play(OVERLAPPING, generator(2)).lines());
    }

    /** Whoever would find nothing with these mistakes proves nothing without them. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsTheMistake(Mutation mutation) {
        for (long seed = 1; seed <= SEEDS_TO_FIND_A_MISTAKE; seed++) {
            RandomGenerator random = generator(seed);
            try {
                Cluster.play(Plan.draw(random).with(mutation), random);
            } catch (AssertionError _) {
                return;
            }
        }
        throw new AssertionError(mutation + " was not found in " + SEEDS_TO_FIND_A_MISTAKE + " seeds");
    }

    private static RandomGenerator generator(long seed) {
        return SeededProperty.GENERATORS.create(seed);
    }
}
