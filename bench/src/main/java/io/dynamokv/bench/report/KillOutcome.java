package io.dynamokv.bench.report;

/**
 * What became of the acknowledged writes when a node was killed in the middle of a run.
 *
 * @param unavailableSeconds from the kill until the node served again
 * @param keys acknowledged keys that were read back
 * @param firstReadErrors of them, those whose first reading gave no answer that tells
 */
public record KillOutcome(
        String node,
        double unavailableSeconds,
        long keys,
        long lost,
        long stale,
        long failed,
        long invented,
        long firstReadErrors) {
    public boolean isClean() {
        return lost == 0 && stale == 0 && failed == 0 && invented == 0;
    }
}
