package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Incarnation;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * What this node believes of another. One that was never heard of has no incarnation; it begins as suspect, may be asked last, and is not
 * spoken about.
 */
final class Member {
    private final NodeId id;
    private Liveness liveness = Liveness.SUSPECT;
    private Incarnation incarnation = Incarnation.NONE;
    private @Nullable NodeAddress announced;
    private @Nullable NodeAddress hinted;
    private @Nullable Epoch epoch;
    private @Nullable Suspicion suspicion;
    private boolean hintIsNext;

    Member(NodeId id, Suspicion untilHeard) {
        this.id = id;
        suspicion = untilHeard;
    }

    NodeId id() {
        return id;
    }

    Liveness liveness() {
        return liveness;
    }

    boolean wasHeard() {
        return !incarnation.equals(Incarnation.NONE);
    }

    /** Down, or never heard of: nobody expects it to answer, so only whoever looks for it finds that it is back. */
    boolean isLost() {
        return liveness == Liveness.DOWN || !wasHeard();
    }

    Incarnation incarnation() {
        return incarnation;
    }

    @Nullable
    Epoch epoch() {
        return epoch;
    }

    @Nullable
    Suspicion suspicion() {
        return suspicion;
    }

    /** Where the member says that it is, else where it was said to be from outside; null if neither is known. */
    @Nullable
    NodeAddress address() {
        return announced != null ? announced : hinted;
    }

    /**
     * Where to look for the member: one that is down may have moved unheard, so both what it said last and what was said from outside
     * are tried in turn.
     */
    @Nullable
    NodeAddress nextAddress() {
        if (liveness != Liveness.DOWN || announced == null || hinted == null) {
            return address();
        }
        hintIsNext = !hintIsNext;
        return hintIsNext ? hinted : announced;
    }

    void hint(NodeAddress address) {
        hinted = address;
    }

    void hintIfUnknown(NodeAddress address) {
        if (hinted == null) {
            hinted = address;
        }
    }

    /** @return whether the address is another than before */
    boolean take(Update update, @Nullable Suspicion newSuspicion) {
        boolean moved = false;
        if (update.incarnation().isAfter(incarnation)) {
            moved = !update.address().equals(announced);
            announced = update.address();
            epoch = update.epoch();
            incarnation = update.incarnation();
        }
        liveness = update.liveness();
        suspicion = newSuspicion;
        return moved;
    }

    /** @return whether the epoch rose */
    boolean raise(@Nullable Epoch to) {
        if (to == null || epoch != null && !to.isAfter(epoch)) {
            return false;
        }
        epoch = to;
        return true;
    }

    /** Suspected, or not heard of at all, for long enough. */
    void conclude() {
        liveness = Liveness.DOWN;
        suspicion = null;
    }

    /** What there is to tell others, null of one that was never heard of. */
    @Nullable
    Update update() {
        NodeAddress address = announced;
        if (address == null) {
            return null;
        }
        NodeId accuser = suspicion == null ? null : suspicion.accuser();
        return new Update(id, liveness, incarnation, address, epoch, accuser);
    }
}
