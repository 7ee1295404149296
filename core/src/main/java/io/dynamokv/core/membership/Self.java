package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Incarnation;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import org.jspecify.annotations.Nullable;

/** What this node says of itself. */
final class Self {
    private final NodeId id;
    private final NodeAddress address;
    private Incarnation incarnation;
    private @Nullable Epoch epoch;

    Self(Swim.Identity identity) {
        id = identity.node();
        address = identity.address();
        incarnation = Incarnation.first(identity.boot());
        var _ = update();
    }

    NodeId id() {
        return id;
    }

    Incarnation incarnation() {
        return incarnation;
    }

    boolean raise(Epoch to) {
        if (epoch != null && !to.isAfter(epoch)) {
            return false;
        }
        epoch = to;
        return true;
    }

    boolean isBehind(@Nullable Epoch other) {
        return other != null && (epoch == null || other.isAfter(epoch));
    }

    Update update() {
        return Update.alive(id, incarnation, address, epoch);
    }

    /**
     * Raises the incarnation above a claim about this node that is not its own (SWIM 4.2). Not only accusations are: a directory that was
     * restored from a copy may have had later starts, or the same one elsewhere.
     *
     * @return whether there was something to refute
     */
    boolean refute(Update claim) {
        int order = claim.incarnation().compareTo(incarnation);
        boolean isOwn = claim.liveness() == Liveness.ALIVE && claim.address().equals(address);
        if (order < 0 || order == 0 && isOwn) {
            return false;
        }
        incarnation = claim.incarnation().next();
        return true;
    }
}
