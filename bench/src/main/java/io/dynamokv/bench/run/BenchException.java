package io.dynamokv.bench.run;

import java.io.Serial;

/** The benchmark cannot go on; the message says why, for people. */
public final class BenchException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    BenchException(String message) {
        super(message);
    }
}
