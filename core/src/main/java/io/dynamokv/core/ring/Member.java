package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import java.util.Objects;

/** A node that takes part in a map. Its name is for people. */
public record Member(NodeId id, String name, Zone zone) {
    public Member {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(zone, "zone");
    }
}
