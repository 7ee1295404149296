package io.dynamokv.bench.workload;

/** Draws the number of the next operation's key. */
@FunctionalInterface
public interface KeyChooser {
    int next();
}
