package io.dynamokv.core.simulation;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.store.RecordLimits;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever would find nothing with these mistakes proves nothing without them. */
class MutationsAreFoundTest {
    private static final int SEEDS_TO_FIND_A_MISTAKE = 3000;
    private static final Faults OWNERS_SEEM_AWAY = new Faults(20, 0, 30, 0, 90, 4, 0, 0, 0);
    private static final Faults CRASHES_AND_SLOW_DISKS = new Faults(20, 0, 60, 0, 40, 10, 0, 0, 0);
    private static final Faults LONG_ABSENCES = new Faults(3, 0, 0, 0, 40, 2, 6, 0, 0);
    private static final Faults A_COPY_COMES_BACK = new Faults(0, 0, 0, 0, 0, 4, 0, 0, 1);
    private static final Faults MESSAGES_ARE_LOST = new Faults(8, 0, 0, 0, 0, 0, 0, 0, 0);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsTheMistake(Mutation mutation) {
        findsItBy(mutation.foundBy(), mutation, plan -> plan);
    }

    /** And who looks into the stores finds these there, where no client sees them yet. */
    @ParameterizedTest
    @CsvSource({
        "JOIN_OVERWRITES, SIBLINGS_ARE_THE_CONCURRENT_ONES",
        "SAME_BOOT_AFTER_CRASH, NO_DOT_IS_ISSUED_TWICE",
        "STAND_IN_KEEPS_ITS_WRITER, NO_DOT_IS_ISSUED_TWICE",
        "REFUSED_AFTER_STORING, NO_REQUEST_IS_EXECUTED_AGAIN"
    })
    void findsTheMistakeInTheStores(Mutation mutation, Invariant invariant) {
        findsItBy(Set.of(invariant), mutation, Plan::lookingIntoStores);
    }

    /** Each of them finds it in some seed; what else does is passed over. */
    private static void findsItBy(Set<Invariant> invariants, Mutation mutation, UnaryOperator<Plan> how) {
        Set<Invariant> missing = EnumSet.copyOf(invariants);
        for (long seed = 1; seed <= SEEDS_TO_FIND_A_MISTAKE; seed++) {
            RandomGenerator random = SeededProperty.GENERATORS.create(seed);
            Plan plan = how.apply(favouring(mutation, Plan.draw(random)).with(mutation));
            try {
                Cluster.play(plan, random);
            } catch (AssertionError e) {
                if (e.getCause() instanceof Violation found && missing.remove(found.invariant()) && missing.isEmpty()) {
                    return;
                }
            }
        }
        throw new AssertionError(mutation + " broke none of " + missing + " in " + SEEDS_TO_FIND_A_MISTAKE + " seeds");
    }

    /** Some mistakes show in rare company only. */
    private static Plan favouring(Mutation mutation, Plan drawn) {
        return switch (mutation) {
            case HINT_DROPPED_AFTER_AN_OLDER_ONE ->
                new Plan(5, 3, 1, 1, RecordLimits.DEFAULT, 1, 25, OWNERS_SEEM_AWAY, Mutation.NONE);
            case STAND_IN_KEEPS_ITS_WRITER ->
                new Plan(5, 3, 1, 1, RecordLimits.DEFAULT, 1, 150, OWNERS_SEEM_AWAY, Mutation.NONE);
            case SAME_BOOT_AFTER_CRASH, ACKNOWLEDGED_BEFORE_SYNC ->
                new Plan(5, 3, 2, 1, RecordLimits.DEFAULT, 1, 25, CRASHES_AND_SLOW_DISKS, Mutation.NONE);
            case REAP_WITHOUT_ASKING_ALL ->
                new Plan(5, 3, 1, 1, RecordLimits.DEFAULT, 20, 25, LONG_ABSENCES, Mutation.NONE);
            case RESTORED_COPY_SERVES, EQUAL_START_NUMBER_IS_LET_IN ->
                new Plan(5, 3, 2, 2, RecordLimits.DEFAULT, 1, 25, A_COPY_COMES_BACK, Mutation.NONE);
            case A_MISSED_WRITE_OWES_NOTHING ->
                new Plan(5, 3, 1, 1, RecordLimits.DEFAULT, 1, 25, MESSAGES_ARE_LOST, Mutation.NONE);
            default -> drawn;
        };
    }
}
