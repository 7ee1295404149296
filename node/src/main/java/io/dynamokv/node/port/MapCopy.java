package io.dynamokv.node.port;

/**
 * A map on its way between two nodes.
 *
 * @param map a {@link io.dynamokv.core.ring.MapDocument} as JSON
 * @param chain the links that lead to it, as {@link io.dynamokv.core.ring.MapChain#format} has them
 */
public record MapCopy(String map, String chain) {}
