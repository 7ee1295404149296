package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;

/** What {@link Swim} wants done or known. */
public sealed interface SwimEffect {
    /** Send once, or lose it: nothing waits for it. */
    record Send(NodeId to, NodeAddress address, SwimMessage message) implements SwimEffect {}

    record Changed(NodeId member, Liveness from, Liveness to) implements SwimEffect {}

    /** That node holds a newer map. Told when it is learnt, and again with each of the node's own messages, until {@code mapEpoch} has caught up. */
    record HigherEpoch(NodeId of, Epoch epoch) implements SwimEffect {}

    /** The member says that it is reached there; also told when its first address is heard. */
    record Moved(NodeId member, NodeAddress address) implements SwimEffect {}
}
