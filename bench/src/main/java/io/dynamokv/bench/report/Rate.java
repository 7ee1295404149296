package io.dynamokv.bench.report;

/**
 * What an open loop was asked for and what came of it.
 *
 * @param reachedPerSecond operations that succeeded within the measured time
 * @param notSent operations due in the measured time that found no client free, or no node to be reached, until they were given up; they are in
 *     no latency
 */
public record Rate(int askedPerSecond, double reachedPerSecond, long notSent) {}
