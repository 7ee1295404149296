package io.dynamokv.core.cluster;

import java.util.Objects;
import java.util.UUID;

/** A cluster's lasting identity. It comes from the data, never from a Kubernetes resource's UID (rule M4). */
public record ClusterId(UUID value) {
    public ClusterId {
        Objects.requireNonNull(value, "value");
    }

    public static ClusterId parse(String text) {
        return new ClusterId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
