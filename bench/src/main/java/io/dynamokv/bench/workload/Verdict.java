package io.dynamokv.bench.workload;

/** What the readings of a key say about its acknowledged writes. */
public enum Verdict {
    /** Every reading shows the last acknowledged write or a later one of unknown outcome. */
    INTACT,
    /** Some reading shows it, and another one something older. */
    STALE,
    /** No reading shows it, nor a later write that would explain it. */
    LOST,
    /** No reading succeeded. */
    FAILED,
    /** A reading shows what no write explains: never sent, refused as "nothing was stored", or no value of the key. */
    INVENTED
}
