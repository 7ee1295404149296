package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/** One partition: the owners of its N slots in order, and the epoch of its last change, which every peer request carries (rule M6). */
public record Partition(int number, Epoch lastChanged, List<NodeId> owners) {
    public Partition {
        Objects.requireNonNull(lastChanged, "lastChanged");
        owners = List.copyOf(owners);
        if (new LinkedHashSet<>(owners).size() != owners.size()) {
            throw new IllegalArgumentException("partition " + number + " has an owner twice: " + owners);
        }
    }
}
