package io.dynamokv.core.version;

/** Bytes that are not what they should be: a damaged store, or a peer or client that sends nonsense. The message says where. */
public final class MalformedException extends RuntimeException {
    public MalformedException(String message) {
        super(message);
    }

    public MalformedException(String message, Throwable cause) {
        super(message, cause);
    }
}
