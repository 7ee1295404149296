package io.dynamokv.core.version;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A request whose version a later write or delete removed (rule W4). A record keeps the newest few, so that a repeat is known as one, and so that what
 * a second coordinator stored of the same request goes too.
 *
 * @param digest the first half of the request's
 * @param atMillis when it was removed, by the clock of whoever did
 */
public record SupersededId(RequestId id, long digest, long atMillis) implements Comparable<SupersededId> {
    static final int KEPT_MAX = 8;
    /** So long is a repeat known, if no more than {@link #KEPT_MAX} later ones push it out. */
    public static final long KEPT_MILLIS = 120_000;

    public SupersededId {
        Objects.requireNonNull(id, "id");
        if (atMillis < 0) {
            throw new IllegalArgumentException("atMillis is at least 0, was " + atMillis);
        }
    }

    static SupersededId of(Content content, long atMillis) {
        return new SupersededId(content.requestId(), content.digest().high(), atMillis);
    }

    boolean isOf(Content content) {
        return id.equals(content.requestId()) && digest == content.digest().high();
    }

    /** Those of two lists in order, each request once, the newest that may stay. On the way of every write. */
    static List<SupersededId> newest(List<SupersededId> some, List<SupersededId> others) {
        if (others.isEmpty() || some.equals(others)) {
            return some;
        }
        var kept = new ArrayList<SupersededId>(KEPT_MAX);
        int i = 0;
        int j = 0;
        while (kept.size() < KEPT_MAX && (i < some.size() || j < others.size())) {
            boolean fromSome =
                    j == others.size() || i < some.size() && some.get(i).compareTo(others.get(j)) <= 0;
            SupersededId next = fromSome ? some.get(i++) : others.get(j++);
            if (!kept.isEmpty() && next.atMillis() < kept.getFirst().atMillis() - KEPT_MILLIS) {
                break;
            }
            if (!next.isAmong(kept)) {
                kept.add(next);
            }
        }
        return List.copyOf(kept);
    }

    private boolean isAmong(List<SupersededId> others) {
        for (SupersededId other : others) {
            if (id.equals(other.id) && digest == other.digest) {
                return true;
            }
        }
        return false;
    }

    /** The newest first; canonical, for records have one form in bytes. */
    @Override
    public int compareTo(SupersededId other) {
        int byTime = Long.compare(other.atMillis, atMillis);
        if (byTime != 0) {
            return byTime;
        }
        int byHigh = Long.compare(id.high(), other.id.high());
        if (byHigh != 0) {
            return byHigh;
        }
        int byLow = Long.compare(id.low(), other.id.low());
        return byLow != 0 ? byLow : Long.compare(digest, other.digest);
    }
}
