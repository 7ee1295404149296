package io.dynamokv.core.cluster;

import java.util.Objects;

/** A failure domain, as Kubernetes names its zones. */
public record Zone(String name) {
    public static final Zone DEFAULT = new Zone("default");

    public Zone {
        Objects.requireNonNull(name, "name");
        if (name.isBlank() || name.length() > 63) {
            throw new IllegalArgumentException("a zone's name has 1..63 characters, was '" + name + "'");
        }
    }
}
