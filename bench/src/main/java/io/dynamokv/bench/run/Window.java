package io.dynamokv.bench.run;

/** Which operations belong to the measured time. */
enum Window {
    /** Those that end in it: what a closed loop achieves. */
    BY_END,
    /** Those that are due in it, whenever they end: of an open loop the slowest end after it. */
    BY_DUE
}
