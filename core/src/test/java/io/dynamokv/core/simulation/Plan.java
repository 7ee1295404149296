package io.dynamokv.core.simulation;

import io.dynamokv.core.store.RecordLimits;
import java.util.random.RandomGenerator;

/** A cluster to play: how many nodes, how many of them own the one partition, the quorums, how many keys there are, what befalls it, and the mistake it makes. */
record Plan(
        int nodes,
        int owners,
        int readQuorum,
        int writeQuorum,
        RecordLimits limits,
        int keys,
        int requestsPerClient,
        Faults faults,
        Mutation mutation) {
    static final int CLIENTS = 4;
    private static final int[] KEYS = {1, 2, 20};

    static final int OPERATIONS_MIN = 100;
    static final int FAULTS_MIN = 5;

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
        return new Plan(nodes, owners, readQuorum, writeQuorum, limits, keys, requestsPerClient, other, mutation);
    }
}
