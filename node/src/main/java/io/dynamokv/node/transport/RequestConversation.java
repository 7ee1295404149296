package io.dynamokv.node.transport;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.version.MalformedException;
import io.dynamokv.node.port.PeerLinks;
import io.dynamokv.node.port.PeerObserver;
import io.dynamokv.node.wire.LinkKind;
import io.dynamokv.node.wire.MessageCodec;
import io.dynamokv.node.wire.PeerMessage;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One shard's requests to one peer, or what its exchanges ask that peer, and who waits for the replies. */
final class RequestConversation implements Conversation {
    private final LinkKind kind;
    private final Context context;
    private final NodeId peer;
    private final PeerObserver observer;
    private final TransportSettings settings;
    private final Map<Long, PeerLinks.Listener> waiting = new HashMap<>();
    /** Null while there is no link. */
    private @Nullable Outbox outbox;

    private long lastId;

    RequestConversation(
            LinkKind kind, Context context, NodeId peer, PeerObserver observer, TransportSettings settings) {
        this.kind = kind;
        this.context = context;
        this.peer = peer;
        this.observer = observer;
        this.settings = settings;
    }

    @Override
    public LinkKind kind() {
        return kind;
    }

    @Override
    public int frameBytesMax() {
        return settings.frameBytesMax();
    }

    @Override
    public void begin(Outbox begun) {
        outbox = begun;
        sayWhen(begun);
        begun.flush();
    }

    /** What waits for one flush goes out within one turn of the loop, so it is said once for all of it. */
    private static void sayWhen(Outbox to) {
        if (to.isFlushed()) {
            to.add(new PeerMessage.Sent(TimeUnit.NANOSECONDS.toMillis(System.nanoTime())));
        }
    }

    @Override
    public void hear(ByteBuf frame) {
        switch (MessageCodec.decode(frame)) {
            case PeerMessage.Reply reply -> {
                PeerLinks.Listener asked = waiting.remove(reply.id());
                if (asked != null) {
                    asked.replied(peer, reply.body());
                }
            }
            case PeerMessage.Pong() -> {}
            case PeerMessage.Ping _, PeerMessage.Request _, PeerMessage.Sent _ ->
                throw new MalformedException("a listener does not ask");
        }
    }

    @Override
    public void heard() {
        if (kind == LinkKind.REQUESTS) {
            observer.heard(peer);
        }
    }

    /** Whoever waits is told at once. */
    @Override
    public void end() {
        if (outbox != null) {
            outbox.discard();
        }
        outbox = null;
        List<PeerLinks.Listener> lost = new ArrayList<>(waiting.values());
        waiting.clear();
        lost.forEach(asked -> asked.lost(peer, true));
    }

    @Override
    public void refused(NodeAddress address) {
        if (kind == LinkKind.REQUESTS) {
            observer.refused(peer);
        }
    }

    @Override
    public void unknownToPeer() {
        // Every release has requests: it hangs up for a reason of its own. What exchanges ask goes as requests then.
    }

    boolean isUp() {
        return outbox != null;
    }

    /** @param queuedBytesMax this link's share of what may wait to be sent */
    void send(int partition, Epoch lastChanged, PeerRequest request, PeerLinks.Listener listener, int queuedBytesMax) {
        Outbox to = outbox;
        if (to == null || to.queuedBytes() > queuedBytesMax) {
            context.runOnContext(nothing -> listener.lost(peer, false));
            return;
        }
        long id = ++lastId;
        waiting.put(id, listener);
        sayWhen(to);
        to.add(new PeerMessage.Request(id, partition, lastChanged, request));
    }

    void flush() {
        if (outbox != null) {
            outbox.flush();
        }
    }

    void ping() {
        if (outbox != null) {
            sayWhen(outbox);
            outbox.add(new PeerMessage.Ping());
            outbox.flush();
        }
    }
}
