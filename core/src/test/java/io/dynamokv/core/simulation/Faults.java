package io.dynamokv.core.simulation;

/**
 * How hard a cluster's life is. Chances are in percent.
 *
 * @param loss that a message gets lost
 * @param twice that a message comes twice
 * @param slow that a message, a sync or a batch takes up to several deadlines
 * @param wrongView that a node believes anything at all of another
 * @param blows how many nodes crash, how many stand still, how many times the network is cut in two, and how many links are cut one way
 */
record Faults(int loss, int twice, int slow, int wrongView, int blows) {
    static final Faults NONE = new Faults(0, 0, 0, 0, 0);
    static final Faults MANY = new Faults(8, 3, 10, 10, 4);
}
