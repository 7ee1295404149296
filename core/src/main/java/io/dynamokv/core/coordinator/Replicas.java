package io.dynamokv.core.coordinator;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.PreferenceList;
import io.dynamokv.core.store.HintedSlots;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who is asked for a key, as one node saw its walk when a request began (Dynamo 4.6, rules W1, R2): the owners that are not known to be
 * down, and for each one that is, the next live member of the walk that is no owner and stands in for nobody else. Whoever sees the same
 * chooses the same stand-ins.
 */
public final class Replicas {
    /** One slot's voice. */
    public record Replica(NodeId node, int slot, boolean standsIn) {}

    private final NodeId self;
    private final PreferenceList walk;
    private final Function<NodeId, Liveness> liveness;
    private final List<Replica> usable;
    private final boolean anOwnerIsUsable;
    /** Live members that own no slot, in the order of the walk; looked for when the first is needed. */
    private @Nullable List<NodeId> liveOthers;

    /** @param liveness is asked for every member but this node */
    public Replicas(NodeId self, PreferenceList walk, Function<NodeId, Liveness> liveness) {
        this.self = self;
        this.walk = walk;
        this.liveness = liveness;
        List<NodeId> owners = walk.owners();
        usable = new ArrayList<>(owners.size());
        var suspects = new ArrayList<Replica>();
        var down = new ArrayList<Integer>();
        for (int slot = 0; slot < owners.size(); slot++) {
            NodeId owner = owners.get(slot);
            switch (livenessOf(owner)) {
                case ALIVE -> usable.add(owner.equals(self) ? 0 : usable.size(), new Replica(owner, slot, false));
                case SUSPECT -> suspects.add(new Replica(owner, slot, false));
                case DOWN -> down.add(slot);
            }
        }
        usable.addAll(suspects);
        anOwnerIsUsable = !usable.isEmpty();
        for (int i = 0; i < down.size() && i < liveOthers().size(); i++) {
            usable.add(new Replica(liveOthers().get(i), down.get(i), true));
        }
    }

    private Liveness livenessOf(NodeId member) {
        return member.equals(self) ? Liveness.ALIVE : liveness.apply(member);
    }

    /** As it is now, not as it was when the request began. */
    boolean isDown(NodeId member) {
        return livenessOf(member) == Liveness.DOWN;
    }

    private List<NodeId> liveOthers() {
        List<NodeId> live = liveOthers;
        if (live == null) {
            List<NodeId> members = walk.walk();
            live = new ArrayList<>();
            for (NodeId member : members.subList(walk.owners().size(), members.size())) {
                if (livenessOf(member) == Liveness.ALIVE) {
                    live.add(member);
                }
            }
            liveOthers = live;
        }
        return live;
    }

    public NodeId self() {
        return self;
    }

    /** One voice for each slot, in the order in which to ask: this node's own, owners alive in slot order, suspects, stand-ins. */
    List<Replica> usable() {
        return usable;
    }

    /** Who may stand in for an owner that is lost while the request runs, the next one first. */
    Deque<NodeId> spares() {
        var spares = new ArrayDeque<NodeId>(liveOthers());
        for (Replica replica : usable) {
            spares.remove(replica.node());
        }
        spares.remove(self);
        return spares;
    }

    /** Whether this node executes the request itself: it is an owner, or none is left and it comes first (rule W1). */
    public boolean selfCoordinates() {
        return walk.isOwner(self)
                || !anOwnerIsUsable
                        && liveOthers().stream()
                                .findFirst()
                                .filter(self::equals)
                                .isPresent();
    }

    /** The owners to forward to, in order. */
    List<NodeId> ownersToAsk() {
        return usable.stream()
                .filter(replica -> !replica.standsIn())
                .map(Replica::node)
                .toList();
    }

    /** Who coordinates in the owners' place when none of them is left, in order (rule W1). */
    List<NodeId> othersToAsk() {
        return liveOthers().stream().filter(member -> !member.equals(self)).toList();
    }

    /**
     * For whom this node keeps what it coordinates. Asked to coordinate by a node that sees no owner alive, while it sees some itself, it has no
     * vote; what it executes still belongs to the owners, and the first slot's is as good as any to bring it there.
     */
    HintedSlots ownSlots() {
        if (walk.isOwner(self)) {
            return HintedSlots.NONE;
        }
        for (Replica replica : usable) {
            if (replica.node().equals(self)) {
                return HintedSlots.of(replica.slot());
            }
        }
        return HintedSlots.of(0);
    }
}
