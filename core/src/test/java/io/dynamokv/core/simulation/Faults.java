package io.dynamokv.core.simulation;

import java.util.random.RandomGenerator;

/**
 * How hard a cluster's life is. Chances are in percent.
 *
 * @param loss that a message gets lost
 * @param twice that a message comes twice
 * @param slow that a message, a sync or a batch takes up to several deadlines
 * @param stuck that a message lies in a socket for up to half a minute
 * @param wrongView that a node believes anything at all of another
 * @param blows how many nodes crash, how many stand still, how many times the network is cut in two, and how many links are cut one way
 * @param absences how many nodes are dead, stand still or are cut off for up to half a minute
 * @param disksLost how many times a node loses its disk
 * @param copiesRestored how many nodes get an old copy of their directory
 */
record Faults(
        int loss,
        int twice,
        int slow,
        int stuck,
        int wrongView,
        int blows,
        int absences,
        int disksLost,
        int copiesRestored) {
    static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0, 0, 0);
    static final Faults MANY = new Faults(8, 3, 10, 0, 10, 4, 0, 0, 0);

    /** Each seed has more of some and less of others: what needs much of one thing and nothing of another never comes up where all are alike. */
    static Faults draw(RandomGenerator random) {
        return new Faults(
                oneOf(random, 0, 3, 8, 20),
                oneOf(random, 0, 3, 10),
                oneOf(random, 0, 5, 10, 30),
                oneOf(random, 0, 0, 1, 4),
                oneOf(random, 0, 5, 10, 40),
                oneOf(random, 2, 4, 4, 10),
                oneOf(random, 0, 1, 2),
                oneOf(random, 0, 0, 1, 3),
                oneOf(random, 0, 0, 1));
    }

    boolean areLossesAlone() {
        return equals(new Faults(loss, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    private static int oneOf(RandomGenerator random, int... values) {
        return values[random.nextInt(values.length)];
    }
}
