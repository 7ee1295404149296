package io.dynamokv.node.transport;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.node.port.PeerGate;
import java.util.Optional;

/** Lets everyone pass, and is turned away by nobody. */
final class OpenGate implements PeerGate {
    @Override
    public Optional<String> whyNot(NodeId peer, BootId boot) {
        return Optional.empty();
    }

    @Override
    public void turnedAwayBy(NodeId peer, String why) {
        throw new AssertionError(why);
    }
}
