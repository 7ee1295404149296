package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.Epoch;
import java.util.Objects;

/** One map in the history of a cluster (rule M1). Its hash covers its parent's, so equal links have equal histories. */
public record ChainLink(Epoch epoch, long term, String hash) {
    public ChainLink {
        Objects.requireNonNull(epoch, "epoch");
        if (term < 1) {
            throw new IllegalArgumentException("chain: term must be at least 1, was " + term);
        }
        if (!ClusterMap.HASH.matcher(hash).matches()) {
            throw new IllegalArgumentException("chain: hash must be 64 hexadecimal digits, was '" + hash + "'");
        }
    }

    public static ChainLink of(ClusterMap map) {
        return new ChainLink(map.epoch(), map.version().term(), map.hash());
    }

    @Override
    public String toString() {
        return "epoch " + epoch + ", term " + term + ", hash " + hash;
    }
}
