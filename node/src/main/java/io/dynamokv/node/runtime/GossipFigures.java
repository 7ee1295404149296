package io.dynamokv.node.runtime;

import java.util.concurrent.atomic.AtomicLong;

/** What gossip has come to since the start; written by its thread, read by any. */
public final class GossipFigures {
    /** Members without this node, as gossip has them. */
    record Count(int alive, int suspect, int down) {
        static final Count NONE = new Count(0, 0, 0);
    }

    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong suspicions = new AtomicLong();
    private final AtomicLong refutations = new AtomicLong();
    private volatile Count count = Count.NONE;

    void sent(int messageBytes) {
        messages.incrementAndGet();
        bytes.addAndGet(messageBytes);
    }

    void suspected() {
        suspicions.incrementAndGet();
    }

    void refuted() {
        refutations.incrementAndGet();
    }

    void counted(Count members) {
        count = members;
    }

    public long messages() {
        return messages.get();
    }

    public long bytes() {
        return bytes.get();
    }

    public long suspicions() {
        return suspicions.get();
    }

    public long refutations() {
        return refutations.get();
    }

    public long alive() {
        return count.alive();
    }

    public long suspect() {
        return count.suspect();
    }

    public long down() {
        return count.down();
    }
}
