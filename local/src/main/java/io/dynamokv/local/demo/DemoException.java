package io.dynamokv.local.demo;

/** The demo cannot go on; the message tells a person what is wrong and what to do. */
final class DemoException extends RuntimeException {
    DemoException(String message) {
        super(message);
    }

    DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
