package io.dynamokv.node.port;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeId;
import java.util.Optional;

/** Which starts of a node are spoken with (rule N3). From any thread, never blocks. */
public interface PeerGate {
    /**
     * Whoever is not turned away is remembered.
     *
     * @return why a node that has just proved itself is turned away
     */
    Optional<String> whyNot(NodeId peer, BootId boot);

    /** The peer turns this node away. */
    void turnedAwayBy(NodeId peer, String why);
}
