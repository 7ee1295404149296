package io.dynamokv.core.cluster;

import java.util.Objects;

/** Where a node can be reached. An attribute that may change; it never identifies a node. */
public record NodeAddress(String host, int peerPort, int httpPort) {
    public NodeAddress {
        Objects.requireNonNull(host, "host");
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must not be blank");
        }
        requirePort("peerPort", peerPort);
        requirePort("httpPort", httpPort);
    }

    private static void requirePort(String field, int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(field + " must be 1..65535, was " + port);
        }
    }
}
