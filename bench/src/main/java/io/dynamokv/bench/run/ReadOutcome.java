package io.dynamokv.bench.run;

import io.dynamokv.bench.workload.Observation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one reading came to.
 *
 * @param error the kind of error; empty after a whole value of the key
 * @param context what a write that replaces this value sends
 */
record ReadOutcome(
        Observation observation,
        Optional<String> error,
        @Nullable String context) {}
