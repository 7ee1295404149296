package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.NodeId;
import java.util.Comparator;

/** Highest-random-weight order of nodes for a partition (Thaler and Ravishankar 1998): every node computes the same one, and a death moves nobody else. */
final class Rendezvous {
    private Rendezvous() {}

    static Comparator<NodeId> orderFor(int partition) {
        return Comparator.<NodeId>comparingLong(id -> weight(partition, id))
                .reversed()
                .thenComparing(Comparator.naturalOrder());
    }

    private static long weight(int partition, NodeId id) {
        long mixed = mix(id.value().getMostSignificantBits() + 0x9E37_79B9_7F4A_7C15L * (partition + 1L));
        return mix(mixed ^ id.value().getLeastSignificantBits());
    }

    /** The finaliser of MurmurHash3 with David Stafford's constants (variant 13). */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }
}
