package io.dynamokv.node.transport;

import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.node.port.GossipListener;
import io.dynamokv.node.port.MapCopy;
import io.dynamokv.node.wire.GossipCodec;
import io.dynamokv.node.wire.GossipMessage;
import io.dynamokv.node.wire.LinkKind;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** This node's gossip to one peer: it says all that it has to say here, and hears here only what answers a node that is no member. */
final class GossipConversation implements Conversation {
    private final NodeId peer;
    private final GossipListener listener;
    /** Null while there is no link. */
    private @Nullable Outbox outbox;

    GossipConversation(NodeId peer, GossipListener listener) {
        this.peer = peer;
        this.listener = listener;
    }

    @Override
    public LinkKind kind() {
        return LinkKind.GOSSIP;
    }

    @Override
    public int frameBytesMax() {
        return GossipCodec.FRAME_BYTES_MAX;
    }

    @Override
    public void begin(Outbox begun) {
        outbox = begun;
        listener.reached(peer);
    }

    @Override
    public void hear(ByteBuf frame) {
        tell(listener, peer, GossipCodec.decode(frame));
    }

    static void tell(GossipListener listener, NodeId from, GossipMessage message) {
        switch (message) {
            case GossipMessage.Membership(var swim) -> listener.received(from, swim);
            case GossipMessage.MapRequest(var newest) -> listener.mapAsked(from, newest);
            case GossipMessage.MapReply(var map, var chain) -> listener.mapGiven(from, new MapCopy(map, chain));
        }
    }

    @Override
    public void heard() {
        // What was heard has been told already.
    }

    @Override
    public void end() {
        if (outbox != null) {
            outbox.discard();
        }
        outbox = null;
    }

    @Override
    public void refused(NodeAddress address) {
        listener.refused(peer, address);
    }

    @Override
    public void unknownToPeer() {
        listener.withoutGossip(peer);
    }

    boolean isUp() {
        return outbox != null;
    }

    boolean send(GossipMessage message) {
        Outbox to = outbox;
        return to != null && to.addOrLose(message);
    }

    void flush() {
        if (outbox != null) {
            outbox.flush();
        }
    }
}
