package io.dynamokv.core.ring;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A bucket's name and what was declared of it.
 *
 * @param quorums what its requests have by default, instead of the cluster's
 * @param limits what it allows, where that is less than what the nodes allow
 */
public record Bucket(String name, Conflicts conflicts, Quorums quorums, Limits limits) {
    /** The form of a name: 1 to 63 characters, the first a letter or digit. */
    public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    /** Votes that a request needs if it does not say; empty is what the cluster has. */
    public record Quorums(OptionalInt read, OptionalInt write) {
        public static final Quorums OF_THE_CLUSTER = new Quorums(OptionalInt.empty(), OptionalInt.empty());

        public Quorums {
            requireAtLeastOne("readQuorum", read);
            requireAtLeastOne("writeQuorum", write);
        }
    }

    /**
     * Empty is what the nodes allow.
     *
     * @param siblingsMax versions of a key before clients' writes to it are refused (rule W6)
     */
    public record Limits(OptionalInt valueBytesMax, OptionalInt siblingsMax) {
        public static final Limits OF_THE_NODES = new Limits(OptionalInt.empty(), OptionalInt.empty());

        public Limits {
            requireAtLeastOne("valueBytesMax", valueBytesMax);
            requireAtLeastOne("siblingsMax", siblingsMax);
        }
    }

    public Bucket {
        Objects.requireNonNull(conflicts, "conflicts");
        Objects.requireNonNull(quorums, "quorums");
        Objects.requireNonNull(limits, "limits");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a bucket's name must match " + NAME + ", was '" + name + "'");
        }
    }

    public Bucket(String name, Conflicts conflicts) {
        this(name, conflicts, Quorums.OF_THE_CLUSTER, Limits.OF_THE_NODES);
    }

    private static void requireAtLeastOne(String field, OptionalInt value) {
        if (value.orElse(1) < 1) {
            throw new IllegalArgumentException(field + " of a bucket must be at least 1, was " + value.getAsInt());
        }
    }

    /** Whether it declares no more than a release before format 2 of the map could say. */
    boolean isPlain() {
        return quorums.equals(Quorums.OF_THE_CLUSTER) && limits.equals(Limits.OF_THE_NODES);
    }

    /** @param ofTheNode what the node allows; a bucket never allows more */
    public int valueBytesMax(int ofTheNode) {
        return Math.min(ofTheNode, limits.valueBytesMax().orElse(ofTheNode));
    }

    /** @param ofTheNode what the node allows; a bucket never allows more */
    public int siblingsMax(int ofTheNode) {
        return Math.min(ofTheNode, limits.siblingsMax().orElse(ofTheNode));
    }
}
