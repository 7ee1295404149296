package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import java.util.Objects;

/** A node that takes part in a map. Its name is for people. */
public record Member(NodeId id, String name, Zone zone) {
    /** That of a host name, which a node's name is by default. */
    private static final int NAME_LENGTH_MAX = 253;

    public Member {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(zone, "zone");
        if (name.isBlank() || name.length() > NAME_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "a member's name has 1.." + NAME_LENGTH_MAX + " characters, was of " + name.length());
        }
    }
}
