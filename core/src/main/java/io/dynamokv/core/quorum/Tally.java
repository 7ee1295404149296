package io.dynamokv.core.quorum;

import io.dynamokv.core.cluster.NodeId;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Counts the votes of a set of voters until enough have arrived or too few are left (Dynamo 4.5). Each voter counts once: its first
 * word stands, and voices from outside of the set are not heard.
 */
public final class Tally {
    private final int needed;
    private final Set<NodeId> undecided;
    private int received;

    public Tally(Collection<NodeId> voters, int needed) {
        undecided = new LinkedHashSet<>(voters);
        if (needed < 1) {
            throw new IllegalArgumentException("needed must be at least 1, was " + needed);
        }
        this.needed = needed;
    }

    public Verdict voted(NodeId voter) {
        if (undecided.remove(voter)) {
            received++;
        }
        return verdict();
    }

    public Verdict failed(NodeId voter) {
        undecided.remove(voter);
        return verdict();
    }

    /** Somebody else votes in the place of a voter that has not. */
    public void replaced(NodeId voter, NodeId by) {
        if (undecided.remove(voter)) {
            undecided.add(by);
        }
    }

    public Verdict verdict() {
        if (received >= needed) {
            return Verdict.MET;
        }
        return received + undecided.size() >= needed ? Verdict.PENDING : Verdict.IMPOSSIBLE;
    }

    public int needed() {
        return needed;
    }

    public int received() {
        return received;
    }
}
