package io.dynamokv.core.simulation;

/**
 * How hard a cluster's life is. Chances are in percent.
 *
 * @param loss that a message gets lost
 * @param slow that a message, a sync or a batch takes up to several deadlines
 * @param wrongView that a node believes anything at all of another
 * @param crashesAndCuts how many nodes crash, and how many times the network is cut in two
 */
record Faults(int loss, int slow, int wrongView, int crashesAndCuts) {
    static final Faults NONE = new Faults(0, 0, 0, 0);
    static final Faults MANY = new Faults(8, 10, 10, 6);
}
