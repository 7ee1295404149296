package io.dynamokv.node.app;

/** The node cannot start as it is configured; the message is for a person. */
final class UnusableException extends RuntimeException {
    UnusableException(String message) {
        super(message);
    }

    UnusableException(String message, Throwable cause) {
        super(message, cause);
    }
}
