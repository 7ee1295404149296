package io.dynamokv.local.kube.kubelet;

/** A container cannot be made yet: something that it needs is not there. */
final class NotReadyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    NotReadyException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
