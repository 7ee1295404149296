package io.dynamokv.core.simulation;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.store.RecordLimits;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever would find nothing with these mistakes proves nothing without them. */
class MutationsAreFoundTest {
    private static final int SEEDS_TO_FIND_A_MISTAKE = 3000;
    private static final Faults OWNERS_SEEM_AWAY = new Faults(20, 0, 30, 0, 90, 4, 0, 0, 0);
    private static final Faults CRASHES_AND_SLOW_DISKS = new Faults(0, 0, 30, 0, 0, 20, 0, 0, 0);
    private static final Faults LONG_ABSENCES = new Faults(3, 0, 0, 0, 10, 2, 3, 0, 0);
    private static final Faults A_COPY_COMES_BACK = new Faults(0, 0, 0, 0, 0, 4, 0, 0, 1);

    private static final Faults MESSAGES_ARE_LOST = new Faults(8, 0, 0, 0, 0, 0, 0, 0, 0);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsTheMistake(Mutation mutation) {
        for (long seed = 1; seed <= SEEDS_TO_FIND_A_MISTAKE; seed++) {
            RandomGenerator random = SeededProperty.GENERATORS.create(seed);
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

    /** By what clients wrote and read, and not by how the simulator keeps its books. Trees that are wrong, and replicas that nobody compares, are seen by nobody but it. */
    private static boolean isOfWhatIsJudged(Mutation mutation, AssertionError found) {
        return switch (mutation) {
            case LEAF_OUTSIDE_OF_THE_BATCH, A_MISSED_WRITE_OWES_NOTHING -> true;
            default -> found.getCause() instanceof Oracle.Violation;
        };
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
            case A_MISSED_WRITE_OWES_NOTHING ->
                new Plan(5, 3, 1, 1, RecordLimits.DEFAULT, 1, 25, MESSAGES_ARE_LOST, Mutation.NONE);
            default -> drawn;
        };
    }
}
