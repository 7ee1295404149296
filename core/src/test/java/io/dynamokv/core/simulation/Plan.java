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

    /** At least 100 operations and 5 faults. */
    static Plan draw(RandomGenerator random) {
        int owners = 3;
        var limits = random.nextInt(4) == 0 ? new RecordLimits(2, 1 << 20) : RecordLimits.DEFAULT;
        return new Plan(
                5,
                owners,
                1 + random.nextInt(owners),
                1 + random.nextInt(owners),
                limits,
                1 + random.nextInt(2),
                25,
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
