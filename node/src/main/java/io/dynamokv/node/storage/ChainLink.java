package io.dynamokv.node.storage;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.ring.ClusterMap;
import java.util.Objects;

/** One map that the node adopted (rule M1). */
public record ChainLink(Epoch epoch, long term, String hash) {
    public ChainLink {
        Objects.requireNonNull(epoch, "epoch");
        Objects.requireNonNull(hash, "hash");
    }

    static ChainLink of(ClusterMap map) {
        return new ChainLink(map.epoch(), map.version().term(), map.hash());
    }
}
