package io.dynamokv.operator.nodes;

import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;

/** A map, and the links that lead to it (rule M1). */
public record ChainedMap(ClusterMap map, MapChain chain) {
    public static ChainedMap first(ClusterMap map) {
        return new ChainedMap(map, MapChain.of(map));
    }

    public ChainedMap followedBy(ClusterMap next) {
        return new ChainedMap(next, chain.and(next));
    }
}
