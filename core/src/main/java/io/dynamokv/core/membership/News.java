package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.Liveness;
import java.util.List;

/**
 * What every message carries besides its purpose (SWIM 4.1): the sender's word about itself, by which a node that moved or started again
 * is known at once and can be answered, and claims about others.
 */
public record News(Update sender, List<Update> updates) {
    private static final int COUNT_BYTES = 2;

    public News {
        if (sender.liveness() != Liveness.ALIVE) {
            throw new IllegalArgumentException("a sender is alive, " + sender.member() + " was " + sender.liveness());
        }
        updates = List.copyOf(updates);
    }

    public int sizeBytes() {
        return sender.sizeBytes()
                + COUNT_BYTES
                + updates.stream().mapToInt(Update::sizeBytes).sum();
    }
}
