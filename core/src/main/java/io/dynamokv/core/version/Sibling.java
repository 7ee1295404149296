package io.dynamokv.core.version;

import java.util.List;
import java.util.Objects;

/**
 * One live version of a key and the dots that made it: one, or several when more than one coordinator executed the same request
 * (rule W4). The dots are in rising order.
 */
public record Sibling(List<TimedDot> dots, Content content) implements Comparable<Sibling> {
    public Sibling {
        dots = List.copyOf(dots);
        Objects.requireNonNull(content, "content");
        if (dots.isEmpty()) {
            throw new IllegalArgumentException("a sibling has at least one dot");
        }
        for (int i = 1; i < dots.size(); i++) {
            if (dots.get(i - 1).compareTo(dots.get(i)) >= 0) {
                throw new IllegalArgumentException("a sibling's dots must rise, were " + dots);
            }
        }
    }

    public static Sibling of(Dot dot, HybridTime time, Content content) {
        return new Sibling(List.of(new TimedDot(dot, time)), content);
    }

    /** The latest time of its dots. */
    public HybridTime time() {
        HybridTime latest = dots.getFirst().time();
        for (TimedDot dot : dots) {
            if (dot.time().isAfter(latest)) {
                latest = dot.time();
            }
        }
        return latest;
    }

    boolean has(Dot dot) {
        for (TimedDot mine : dots) {
            if (mine.dot().equals(dot)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a client that sends this context back has seen this version: one covered dot is enough, for all its dots are one request. */
    boolean isCoveredBy(VersionVector context) {
        for (TimedDot dot : dots) {
            if (context.contains(dot.dot())) {
                return true;
            }
        }
        return false;
    }

    /** Siblings of a record are ordered by their first dots, so equal records have equal bytes. */
    @Override
    public int compareTo(Sibling other) {
        return dots.getFirst().compareTo(other.dots.getFirst());
    }
}
