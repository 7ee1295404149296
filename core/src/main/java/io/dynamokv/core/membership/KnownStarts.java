package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest start of each node that this one has met, and who is turned away for it (rule N3): a start before it, or another with its number,
 * runs on a directory that was restored from an old copy or doubled, and what it would issue was issued before.
 */
public final class KnownStarts {
    /** What meeting a start comes to. */
    public sealed interface Meeting {
        /** It is the newest that was known. */
        record Known() implements Meeting {}

        /** It is newer than what was known, and to be kept. */
        record Newer() implements Meeting {}

        /** It is turned away. */
        record TurnedAway(String why) implements Meeting {}
    }

    private final Map<NodeId, BootId> newest;

    /** @param known from before */
    public KnownStarts(Map<NodeId, BootId> known) {
        newest = new LinkedHashMap<>(known);
    }

    public Meeting meet(NodeId node, BootId boot) {
        BootId known = newest.get(node);
        if (boot.equals(known)) {
            return new Meeting.Known();
        }
        if (known == null || boot.number() > known.number()) {
            newest.put(node, boot);
            return new Meeting.Newer();
        }
        return new Meeting.TurnedAway(
                known.number() == boot.number()
                        ? "node " + node + " has start number " + boot.number()
                                + " twice: two processes run with one node's id"
                        : "node " + node + " comes with start number " + boot.number() + ", and its start "
                                + known.number() + " is known here");
    }

    /** A copy. */
    public Map<NodeId, BootId> newest() {
        return new LinkedHashMap<>(newest);
    }
}
