package io.dynamokv.local.kube.api;

/**
 * How something is written.
 *
 * @param agent who writes, as it calls itself
 * @param dryRun answers what the write would make, and keeps nothing
 * @param strict fields that nobody knows are an error
 */
public record WriteOptions(String agent, boolean dryRun, boolean strict) {
    public static WriteOptions of(String agent) {
        return new WriteOptions(agent, false, false);
    }
}
