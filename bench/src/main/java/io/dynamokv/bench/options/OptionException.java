package io.dynamokv.bench.options;

import java.io.Serial;

/** The command line cannot be followed; the message names the option and its limits. */
public final class OptionException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    OptionException(String message) {
        super(message);
    }
}
