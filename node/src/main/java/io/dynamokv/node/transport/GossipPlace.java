package io.dynamokv.node.transport;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.membership.SwimMessage;
import io.dynamokv.node.port.GossipLinks;
import io.dynamokv.node.port.GossipListener;
import io.dynamokv.node.port.MapCopy;
import io.dynamokv.node.wire.Frames;
import io.dynamokv.node.wire.GossipMessage;
import io.dynamokv.node.wire.Handshake;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.vertx.core.impl.ContextInternal;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The links of gossip: one that this node calls to each peer, for all that it has to say, and those that others called. All on one event
 * loop that serves no requests.
 */
final class GossipPlace implements GossipLinks {
    private record Calling(PeerCaller caller, GossipConversation conversation) {}

    private final PeerCaller.Place place;
    private final EventLoop loop;
    private final GossipListener listener;
    private final AcceptedLinks requestLinks;
    private final Consumer<NodeId> hangUpRequests;
    private final Map<NodeId, Calling> calling = new HashMap<>();
    /** The newest link of each. */
    private final Map<NodeId, AcceptedGossip> accepted = new HashMap<>();

    private boolean stopped;

    /**
     * @param requestLinks that peers have to this node
     * @param hangUpRequests closes those that this node has to a peer
     */
    GossipPlace(
            PeerCaller.Place place,
            GossipListener listener,
            AcceptedLinks requestLinks,
            Consumer<NodeId> hangUpRequests) {
        this.place = place;
        this.listener = listener;
        this.requestLinks = requestLinks;
        this.hangUpRequests = hangUpRequests;
        loop = ((ContextInternal) place.context()).nettyEventLoop();
    }

    /** From any thread; the other methods are for the event loop alone, except where they say otherwise. */
    void run(Runnable action) {
        // Whatever starts timers or calls does it on the context, or Vert.x gives it an event loop of its own choice.
        place.context().runOnContext(nothing -> action.run());
    }

    void call(Map<NodeId, NodeAddress> peers) {
        calling.entrySet().removeIf(entry -> {
            if (!peers.containsKey(entry.getKey())) {
                entry.getValue().caller().stop();
                return true;
            }
            return false;
        });
        peers.forEach((peer, address) -> {
            Calling known = calling.get(peer);
            if (known == null) {
                begin(peer, address);
            } else {
                known.caller().moveTo(address);
            }
        });
    }

    private void begin(NodeId peer, NodeAddress address) {
        var conversation = new GossipConversation(peer, listener);
        var caller = new PeerCaller(place, peer, address, conversation);
        calling.put(peer, new Calling(caller, conversation));
        caller.call();
    }

    void callBack(Handshake.Identity peer, boolean knowsGossip, String seenAt) {
        Calling known = calling.get(peer.node());
        if (known != null) {
            if (knowsGossip) {
                known.caller().isKnownToPeer();
            }
            known.caller().callNow(peer.boot(), seenAt);
        }
    }

    /** From the event loop that accepted the link. */
    void accept(Handshake.Identity peer, Channel channel, Frames frames) {
        var link = new AcceptedGossip[1];
        link[0] = AcceptedGossip.move(
                channel, loop, frames, () -> loop.execute(() -> accepted.remove(peer.node(), link[0])));
        run(() -> {
            if (stopped) {
                link[0].close();
                return;
            }
            AcceptedGossip before = accepted.put(peer.node(), link[0]);
            if (before != null) {
                before.close();
            }
        });
    }

    /** From any thread. */
    void hear(NodeId from, GossipMessage message) {
        if (loop.inEventLoop()) {
            GossipConversation.tell(listener, from, message);
        } else {
            loop.execute(() -> GossipConversation.tell(listener, from, message));
        }
    }

    @Override
    public boolean send(NodeId to, NodeAddress address, SwimMessage message) {
        Calling known = calling.get(to);
        if (known != null && !known.conversation().isUp()) {
            run(() -> known.caller().lookAt(address));
        }
        return send(to, new GossipMessage.Membership(message));
    }

    @Override
    public boolean askForMap(NodeId of, Epoch newest) {
        return send(of, new GossipMessage.MapRequest(newest));
    }

    @Override
    public boolean giveMap(NodeId to, MapCopy copy) {
        return send(to, new GossipMessage.MapReply(copy.map(), copy.chain()));
    }

    private boolean send(NodeId to, GossipMessage message) {
        Calling known = calling.get(to);
        if (known != null && known.conversation().isUp()) {
            return known.conversation().send(message);
        }
        // Whom this node does not call is a stranger, or calls by a newer map.
        AcceptedGossip called = accepted.get(to);
        return known == null && called != null && called.send(message);
    }

    @Override
    public void flush() {
        calling.values().forEach(each -> each.conversation().flush());
        accepted.values().forEach(AcceptedGossip::flush);
    }

    @Override
    public void hangUp(NodeId peer) {
        Calling known = calling.get(peer);
        if (known != null) {
            run(known.caller()::hangUp);
        }
        AcceptedGossip called = accepted.remove(peer);
        if (called != null) {
            called.close();
        }
        requestLinks.closeAll(peer);
        hangUpRequests.accept(peer);
    }

    void stop() {
        stopped = true;
        call(Map.of());
        accepted.values().forEach(AcceptedGossip::close);
    }
}
