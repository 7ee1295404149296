package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.NodeId;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The time that a suspect has to refute (SWIM 4.2). It begins long and shrinks with each independent accuser (Lifeguard, LHA-Suspicion):
 * one node alone may be the one that is ill, several are hardly so at once.
 */
final class Suspicion {
    /** @param confirmations at which only {@code minMillis} are left; 0 where nobody else could confirm: then it stays {@code maxMillis} */
    record Span(long minMillis, long maxMillis, int confirmations) {}

    private final Span span;
    private final NodeId accuser;
    private final Set<NodeId> accusers = new LinkedHashSet<>();
    private long sinceMillis;

    Suspicion(NodeId accuser, Span span, long nowMillis) {
        this.accuser = accuser;
        this.span = span;
        accusers.add(accuser);
        sinceMillis = nowMillis;
    }

    /** Whoever raised it first, as far as this node knows. */
    NodeId accuser() {
        return accuser;
    }

    /** False for an accuser that was heard before, and once there are enough. */
    boolean confirm(NodeId other) {
        return accusers.size() <= span.confirmations() && accusers.add(other);
    }

    /** The time in which this node itself was paused does not count. */
    void extend(long byMillis) {
        sinceMillis += byMillis;
    }

    boolean isOver(long nowMillis) {
        return nowMillis - sinceMillis >= timeoutMillis();
    }

    long timeoutMillis() {
        if (span.confirmations() == 0) {
            return span.maxMillis();
        }
        // Strict: the same on every machine, as the simulator's traces must be.
        double shrunk = StrictMath.log(accusers.size()) / StrictMath.log(span.confirmations() + 1.0);
        return span.maxMillis() - StrictMath.round((span.maxMillis() - span.minMillis()) * shrunk);
    }
}
