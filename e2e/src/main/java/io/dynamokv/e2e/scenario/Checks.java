package io.dynamokv.e2e.scenario;

import io.dynamokv.e2e.cluster.FailedException;

/** Comparisons that fail a scenario. */
final class Checks {
    private Checks() {}

    static void same(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new FailedException(what + " should be " + expected + ", was " + actual);
        }
    }

    static void holds(String what, boolean condition) {
        if (!condition) {
            throw new FailedException("it does not hold that " + what);
        }
    }
}
