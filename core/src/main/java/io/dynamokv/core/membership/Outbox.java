package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts the news into messages: this node's word, what the receiver must be told of itself, and rumours as far as there is room. */
final class Outbox {
    private final Self self;
    private final SwimSettings settings;
    private final MemberTable table;
    private final Rumors rumors;
    private final List<SwimEffect> effects;

    Outbox(Self self, SwimSettings settings, MemberTable table, Rumors rumors, List<SwimEffect> effects) {
        this.self = self;
        this.settings = settings;
        this.table = table;
        this.rumors = rumors;
        this.effects = effects;
    }

    /**
     * A suspect is told so first, that it may refute before anything else is done (Lifeguard, buddy system). Rumours are for those alive:
     * each is sent only so many times, and what goes to the others is mostly lost.
     */
    void send(Member to, Function<News, SwimMessage> message) {
        if (to.liveness() == Liveness.ALIVE) {
            send(to.id(), to.nextAddress(), message, null);
        } else {
            Update belief = to.update();
            putBare(to.id(), to.nextAddress(), message, belief == null ? List.of() : List.of(belief));
        }
    }

    /**
     * Goes where the message came from, be it a member's place or not. A sender of which something else is believed than what it says
     * is told first: it was suspected, or was restored from a copy and does not know of its later starts.
     */
    void reply(Update sender, Function<News, SwimMessage> message) {
        send(sender.member(), sender.address(), message, beliefBeyond(sender));
    }

    private @Nullable Update beliefBeyond(Update sender) {
        Member member = table.get(sender.member());
        Update belief = member == null ? null : member.update();
        boolean same = belief == null
                || belief.liveness() == Liveness.ALIVE
                        && belief.incarnation().equals(sender.incarnation())
                        && belief.address().equals(sender.address());
        return same ? null : belief;
    }

    /** What an answer on behalf of a member says first is the member's newest word. */
    void relay(Member to, Member about, Function<News, SwimMessage> message) {
        send(to.id(), to.nextAddress(), message, about.update());
    }

    void sync(Member to) {
        put(to.id(), to.address(), new SwimMessage.SyncRequest(new News(self.update(), table.updates())));
    }

    void syncReply(News request) {
        Update sender = request.sender();
        var updates = new ArrayList<Update>();
        Update belief = beliefBeyond(sender);
        if (belief != null) {
            updates.add(belief);
        }
        for (Update update : table.updatesBeyond(request.updates())) {
            if (!update.member().equals(sender.member())) {
                updates.add(update);
            }
        }
        put(sender.member(), sender.address(), new SwimMessage.SyncReply(new News(self.update(), updates)));
    }

    /** A stranger hears of this node, which may have a map that names it or no longer does, and of nobody else. */
    void replyToStranger(Update sender, Function<News, SwimMessage> message) {
        putBare(sender.member(), sender.address(), message, List.of());
    }

    private void putBare(
            NodeId to, @Nullable NodeAddress address, Function<News, SwimMessage> message, List<Update> updates) {
        put(to, address, message.apply(new News(self.update(), updates)));
    }

    private void send(
            NodeId to, @Nullable NodeAddress address, Function<News, SwimMessage> message, @Nullable Update first) {
        var updates = new ArrayList<Update>();
        if (first != null) {
            updates.add(first);
        }
        int room = settings.gossiping().messageBytesMax()
                - message.apply(new News(self.update(), updates)).sizeBytes();
        for (Update rumor : rumors.take(room, settings.retransmitsMax(table.size()))) {
            // The sender's own word is in every message.
            if (!rumor.member().equals(self.id()) && !rumor.equals(first)) {
                updates.add(rumor);
            }
        }
        putBare(to, address, message, updates);
    }

    private void put(NodeId to, @Nullable NodeAddress address, SwimMessage message) {
        if (address != null) {
            effects.add(new SwimEffect.Send(to, address, message));
        }
    }
}
