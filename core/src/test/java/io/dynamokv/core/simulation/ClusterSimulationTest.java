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
    private static final Plan OVERLAPPING =
            new Plan(5, 3, 2, 2, RecordLimits.DEFAULT, 2, 40, Faults.MANY, Mutation.NONE);
    private static final int SEEDS_TO_FIND_A_MISTAKE = 3000;
    private static final Faults OWNERS_SEEM_AWAY = new Faults(20, 0, 30, 0, 90, 4, 0, Faults.OneDisk.STAYS);
    private static final Faults CRASHES_AND_SLOW_DISKS = new Faults(0, 0, 30, 0, 0, 20, 0, Faults.OneDisk.STAYS);
    private static final Faults LONG_ABSENCES = new Faults(3, 0, 0, 0, 10, 2, 3, Faults.OneDisk.STAYS);
    private static final Faults A_COPY_COMES_BACK =
            new Faults(0, 0, 0, 0, 0, 4, 0, Faults.OneDisk.IS_RESTORED_FROM_A_COPY);

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

    /** A client that finds its node down asks another one later: an attempt at nobody is no operation. */
    @Test
    void eachSeedHasAtLeastAHundredOperationsAndFiveFaults() {
        SeededProperty.forSeeds(500, random -> {
            Cluster.Story story = Cluster.play(Plan.draw(random), random);

            assertTrue(story.operations() >= 100, () -> story.operations() + " operations");
            assertTrue(story.faults() >= 5, () -> story.faults() + " faults");
        });
    }

    @Test
    void overlappingQuorumsReadTheirWritesWhateverFails() {
        SeededProperty.forSeeds(300, random -> Cluster.play(OVERLAPPING, random));
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

    /** Whoever would find nothing with these mistakes proves nothing without them. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsTheMistake(Mutation mutation) {
        for (long seed = 1; seed <= SEEDS_TO_FIND_A_MISTAKE; seed++) {
            RandomGenerator random = generator(seed);
            try {
                Cluster.play(favouring(mutation, Plan.draw(random)).with(mutation), random);
            } catch (AssertionError e) {
                if (isOfWhatIsJudged(mutation, e)) {
                    return;
                }
            }
        }
        throw new AssertionError(mutation + " was not found in " + SEEDS_TO_FIND_A_MISTAKE + " seeds");
    }

    /** By what clients wrote and read, and not by how the simulator keeps its books. Trees that are wrong are seen by nobody but it. */
    private static boolean isOfWhatIsJudged(Mutation mutation, AssertionError found) {
        Class<?> judge = mutation == Mutation.LEAF_OUTSIDE_OF_THE_BATCH ? SimulatedStore.class : Oracle.class;
        Throwable cause = found.getCause();
        return cause != null && cause.getStackTrace()[0].getClassName().equals(judge.getName());
    }

    /** Some mistakes show in rare company only. */
    private static Plan favouring(Mutation mutation, Plan drawn) {
        return switch (mutation) {
            case HINT_DROPPED_AFTER_AN_OLDER_ONE ->
                new Plan(5, 3, 1, 1, RecordLimits.DEFAULT, 1, 25, OWNERS_SEEM_AWAY, Mutation.NONE);
            case STAND_IN_KEEPS_ITS_WRITER ->
                new Plan(5, 3, 1, 1, RecordLimits.DEFAULT, 1, 150, OWNERS_SEEM_AWAY, Mutation.NONE);
            case SAME_BOOT_AFTER_CRASH, ACKNOWLEDGED_BEFORE_SYNC ->
                new Plan(5, 3, 1, 1, RecordLimits.DEFAULT, 1, 60, CRASHES_AND_SLOW_DISKS, Mutation.NONE);
            case REAP_WITHOUT_ASKING_ALL ->
                new Plan(5, 3, 1, 1, RecordLimits.DEFAULT, 1, 25, LONG_ABSENCES, Mutation.NONE);
            case RESTORED_COPY_SERVES, EQUAL_START_NUMBER_IS_LET_IN ->
                new Plan(5, 3, 2, 2, RecordLimits.DEFAULT, 1, 25, A_COPY_COMES_BACK, Mutation.NONE);
            default -> drawn;
        };
    }

    private static RandomGenerator generator(long seed) {
        return SeededProperty.GENERATORS.create(seed);
    }
}
