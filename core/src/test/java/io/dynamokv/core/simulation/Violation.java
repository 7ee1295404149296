package io.dynamokv.core.simulation;

import java.util.function.Supplier;

/** The cluster did what it must not do. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    private final Invariant invariant;

    Violation(Invariant invariant, String what) {
        super(invariant + ": " + what);
        this.invariant = invariant;
    }

    static void require(Invariant invariant, boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new Violation(invariant, otherwise.get());
        }
    }

    Invariant invariant() {
        return invariant;
    }
}
