package io.dynamokv.core.cluster;

import java.util.Objects;
import java.util.UUID;

/** A storage node's lasting identity: a UUID made on an empty data directory and kept in it (rule N1). Names and addresses are attributes. */
public record NodeId(UUID value) implements Comparable<NodeId> {
    public NodeId {
        Objects.requireNonNull(value, "value");
    }

    public static NodeId parse(String text) {
        return new NodeId(UUID.fromString(text));
    }

    /** Unsigned order of the 128 bits, so that the order is the same as that of the text. */
    @Override
    public int compareTo(NodeId other) {
        int high = Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
