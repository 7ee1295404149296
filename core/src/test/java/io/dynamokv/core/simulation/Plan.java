package io.dynamokv.core.simulation;

import io.dynamokv.core.store.RecordLimits;
import java.util.random.RandomGenerator;

/**
 * A cluster to play: how many nodes, how many of them own the one partition, the quorums, how many keys there are, what befalls it, the mistake it makes, and whether the simulator looks into
 * its stores too.
 */
record Plan(
        int nodes,
        int owners,
        int readQuorum,
        int writeQuorum,
        RecordLimits limits,
        int keys,
        int requestsPerClient,
        Faults faults,
        Mutation mutation,
        boolean looksIntoStores) {
    static final int CLIENTS = 4;
    private static final int[] KEYS = {1, 2, 20};

    static final int OPERATIONS_MIN = 100;
    static final int FAULTS_MIN = 5;

    /** With a mistake nobody looks into the stores: what clients see must give it away. */
    Plan(
            int nodes,
            int owners,
            int readQuorum,
            int writeQuorum,
            RecordLimits limits,
            int keys,
            int requestsPerClient,
            Faults faults,
            Mutation mutation) {
        this(
                nodes,
                owners,
                readQuorum,
                writeQuorum,
                limits,
                keys,
                requestsPerClient,
                faults,
                mutation,
                mutation == Mutation.NONE);
    }

    /** Whether it was as much as a seed must have. */
    static boolean isEnough(Cluster.Story story) {
        return story.operations() >= OPERATIONS_MIN && story.faults() >= FAULTS_MIN;
    }

    /** Few keys get many concurrent writes, many keys keep what was written to them. */
    static Plan draw(RandomGenerator random) {
        int owners = 3;
        var limits = random.nextInt(4) == 0 ? new RecordLimits(2, 1 << 20) : RecordLimits.DEFAULT;
        return new Plan(
                5,
                owners,
                1 + random.nextInt(owners),
                1 + random.nextInt(owners),
                limits,
                KEYS[random.nextInt(KEYS.length)],
                OPERATIONS_MIN / CLIENTS,
                Faults.draw(random),
                Mutation.NONE);
    }

    Plan with(Mutation other) {
        return new Plan(nodes, owners, readQuorum, writeQuorum, limits, keys, requestsPerClient, faults, other);
    }

    Plan with(Faults other) {
        return new Plan(
                nodes,
                owners,
                readQuorum,
                writeQuorum,
                limits,
                keys,
                requestsPerClient,
                other,
                mutation,
                looksIntoStores);
    }

    Plan lookingIntoStores() {
        return new Plan(
                nodes, owners, readQuorum, writeQuorum, limits, keys, requestsPerClient, faults, mutation, true);
    }
}
