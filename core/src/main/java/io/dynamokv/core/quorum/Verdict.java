package io.dynamokv.core.quorum;

/** What a tally says. It never goes back from MET or IMPOSSIBLE. */
public enum Verdict {
    PENDING,
    MET,
    IMPOSSIBLE
}
