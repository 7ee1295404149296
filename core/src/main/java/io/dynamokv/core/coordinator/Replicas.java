package io.dynamokv.core.coordinator;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The owners of a key's partition as one node saw them when a request began. */
public final class Replicas {
    private final NodeId self;
    private final List<NodeId> owners;
    private final List<NodeId> usable;

    /** @param liveness is asked once for every other owner */
    public Replicas(NodeId self, List<NodeId> owners, Function<NodeId, Liveness> liveness) {
        this.self = self;
        this.owners = owners;
        usable = new ArrayList<>(owners.size());
        if (owners.contains(self)) {
            usable.add(self);
        }
        var suspects = new ArrayList<NodeId>();
        for (NodeId owner : owners) {
            if (!owner.equals(self)) {
                switch (liveness.apply(owner)) {
                    case ALIVE -> usable.add(owner);
                    case SUSPECT -> suspects.add(owner);
                    case DOWN -> {}
                }
            }
        }
        usable.addAll(suspects);
    }

    public NodeId self() {
        return self;
    }

    public boolean selfIsOwner() {
        return owners.contains(self);
    }

    /** The owners not known to be down, in the order in which to ask them: this node, then those alive in slot order, then suspects. */
    public List<NodeId> usable() {
        return usable;
    }
}
