package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whom to probe next (SWIM 4.3): round robin, so that nobody is passed over for long, in an order that is random and differs from node
 * to node. A member that was heard from goes to the end just as one that was probed does: each probe goes to whom this node has been out
 * of touch with the longest, which halves the time until a dead one is first probed.
 */
final class Rotation {
    private final List<NodeId> queue = new ArrayList<>();
    private final RandomGenerator random;
    private boolean urgent;

    Rotation(RandomGenerator random) {
        this.random = random;
    }

    /** Takes a random place, so that a new member is not probed by all at once. */
    void add(NodeId member) {
        if (!queue.contains(member)) {
            queue.add(random.nextInt(queue.size() + 1), member);
        }
    }

    void remove(NodeId member) {
        queue.remove(member);
    }

    void hurry(NodeId member) {
        if (queue.remove(member)) {
            queue.addFirst(member);
            urgent = true;
        }
    }

    /** Whether the first should not wait for its turn in time either. */
    boolean isUrgent() {
        return urgent;
    }

    void toEnd(NodeId member) {
        if (queue.remove(member)) {
            queue.addLast(member);
        }
    }

    /** The first that can be probed goes to the end. */
    @Nullable
    NodeId next(Predicate<NodeId> canBeProbed) {
        urgent = false;
        for (NodeId member : queue) {
            if (canBeProbed.test(member)) {
                toEnd(member);
                return member;
            }
        }
        return null;
    }
}
