package io.dynamokv.e2e.cluster;

/** What should have happened did not; the message is for the report. */
public final class FailedException extends RuntimeException {
    public FailedException(String message) {
        super(message);
    }

    public FailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
