package io.dynamokv.core.version;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * A request whose version a later write or delete removed (rule W4). A record keeps the newest few, so that a repeat is known as one, and so that what
 * a second coordinator stored of the same request goes too.
 *
 * @param digest the first half of the request's
 * @param atMillis when it was removed, by the clock of whoever did
 */
public record SupersededId(RequestId id, long digest, long atMillis) implements Comparable<SupersededId> {
    static final int KEPT_MAX = 8;
    static final long KEPT_MILLIS = 120_000;

    /** The newest first; canonical, for records have one form in bytes. */
    private static final Comparator<SupersededId> ORDER = Comparator.comparingLong(SupersededId::atMillis)
            .reversed()
            .thenComparingLong(known -> known.id().high())
            .thenComparingLong(known -> known.id().low())
            .thenComparingLong(SupersededId::digest);

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

    private boolean isSameRequest(SupersededId other) {
        return id.equals(other.id) && digest == other.digest;
    }

    /** Those of both, each request once, the newest that may stay. */
    static List<SupersededId> newest(List<SupersededId> some, List<SupersededId> others) {
        if (others.isEmpty() || some.equals(others)) {
            return some;
        }
        var all = new TreeSet<>(some);
        all.addAll(others);
        long oldest = all.first().atMillis() - KEPT_MILLIS;
        var kept = new ArrayList<SupersededId>(KEPT_MAX);
        for (SupersededId known : all) {
            if (kept.size() < KEPT_MAX
                    && known.atMillis() >= oldest
                    && kept.stream().noneMatch(known::isSameRequest)) {
                kept.add(known);
            }
        }
        return List.copyOf(kept);
    }

    @Override
    public int compareTo(SupersededId other) {
        return ORDER.compare(this, other);
    }
}
