package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whom next (SWIM 4.3): round robin, so that nobody is passed over for long, in an order that is random and differs from node to node.
 * Of those to probe, one that was heard from goes to the end just as one that was probed does: each probe goes to whom this node has
 * been out of touch with the longest, which halves the time until a dead one is first probed.
 */
final class Rotation {
    private final List<NodeId> queue = new ArrayList<>();
    private final RandomGenerator random;
    private boolean urgent;

    Rotation(RandomGenerator random) {
        this.random = random;
    }

    /** Takes a random place: not all turn to a new member at once. */
    void add(NodeId member) {
        if (!queue.contains(member)) {
            queue.add(random.nextInt(queue.size() + 1), member);
        }
    }

    void remove(NodeId member) {
        queue.remove(member);
    }

    /** This one first, and now. */
    void hurry(NodeId member) {
        if (queue.remove(member)) {
            queue.addFirst(member);
            urgent = true;
        }
    }

    /** Whether the first is not to wait for the next period. */
    boolean isUrgent() {
        return urgent;
    }

    void toEnd(NodeId member) {
        if (queue.remove(member)) {
            queue.addLast(member);
        }
    }

    /** The first one wanted goes to the end. */
    @Nullable
    NodeId next(Predicate<NodeId> wanted) {
        urgent = false;
        for (NodeId member : queue) {
            if (wanted.test(member)) {
                toEnd(member);
                return member;
            }
        }
        return null;
    }
}
