package io.dynamokv.core.version;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a replica knows of a key: the vector of every write it has seen and the siblings that nobody has overwritten yet, each
 * with explicit dots (rules D1 and D3; dotted version vectors, Preguiça et al. 2010). A record with a vector and no siblings is a
 * tombstone. {@code join} is commutative, associative and idempotent on vector and siblings; the time of the last delete is
 * joined too and is outside of equality.
 */
public final class VersionedRecord {
    public static final VersionedRecord EMPTY = new VersionedRecord(VersionVector.EMPTY, List.of(), 0);

    private final VersionVector vector;
    private final List<Sibling> siblings;
    private final long deletedAtMillis;

    private VersionedRecord(VersionVector vector, List<Sibling> siblings, long deletedAtMillis) {
        this.vector = vector;
        this.siblings = siblings;
        this.deletedAtMillis = deletedAtMillis;
    }

    /** Builds a record from parts that came from outside and checks them: siblings in order, every dot covered, no dot and no content twice. */
    static VersionedRecord of(VersionVector vector, List<Sibling> siblings, long deletedAtMillis) {
        var seen = new HashSet<Dot>();
        var contents = new HashSet<Content>();
        for (int i = 0; i < siblings.size(); i++) {
            if (i > 0 && siblings.get(i - 1).compareTo(siblings.get(i)) >= 0) {
                throw new IllegalArgumentException("siblings are not in the order of their dots");
            }
            if (!contents.add(siblings.get(i).content())) {
                throw new IllegalArgumentException(siblings.get(i).content() + " is two siblings");
            }
            for (TimedDot dot : siblings.get(i).dots()) {
                if (!vector.contains(dot.dot())) {
                    throw new IllegalArgumentException("dot " + dot.dot() + " is not covered by " + vector);
                }
                if (!seen.add(dot.dot())) {
                    throw new IllegalArgumentException("dot " + dot.dot() + " names two siblings");
                }
            }
        }
        if (deletedAtMillis < 0) {
            throw new IllegalArgumentException("deletedAtMillis is at least 0, was " + deletedAtMillis);
        }
        return new VersionedRecord(vector, List.copyOf(siblings), deletedAtMillis);
    }

    public VersionVector vector() {
        return vector;
    }

    /** In the order of their first dots. */
    public List<Sibling> siblings() {
        return siblings;
    }

    /** When the last known delete happened, 0 if never. */
    public long deletedAtMillis() {
        return deletedAtMillis;
    }

    /** Nothing was ever written here. */
    public boolean isEmpty() {
        return vector.isEmpty();
    }

    public boolean isTombstone() {
        return siblings.isEmpty() && !vector.isEmpty();
    }

    /** What a client that read this record has seen (rule D4). */
    public VersionVector context() {
        return vector;
    }

    /**
     * A client's write on top of this record: what the context covers goes, the new version comes. The caller issues the dot by
     * rule D2. If the record has a version of the same request already, the dot joins that one's dots (rule W4): as two siblings of
     * one content they would hide each other's dots in a join.
     *
     * @throws IllegalStateException if the dot is not the writer's next one on this record: it would cover a value that nobody
     *     overwrote
     */
    public VersionedRecord update(VersionVector context, TimedDot dot, Content content) {
        long next = vector.counter(dot.dot().writer()) + 1;
        if (dot.dot().counter() != next || context.contains(dot.dot())) {
            throw new IllegalStateException(
                    "dot " + dot.dot() + " is not the next one on " + vector + " and new to context " + context);
        }
        List<Sibling> left = notCoveredBy(context);
        var dots = new ArrayList<>(List.of(dot));
        Sibling same = find(content);
        if (same != null && left.remove(same)) {
            dots.addAll(same.dots());
            dots.sort(null);
        }
        left.add(new Sibling(dots, content));
        left.sort(null);
        return new VersionedRecord(vector.join(context).with(dot.dot()), List.copyOf(left), deletedAtMillis);
    }

    /** A client's delete: what the context covers goes, and no dot is made (rule D5). A concurrent version survives. */
    public VersionedRecord discard(VersionVector context, long deletedAtMillis) {
        if (context.isEmpty()) {
            return this;
        }
        return new VersionedRecord(
                vector.join(context),
                List.copyOf(notCoveredBy(context)),
                Math.max(this.deletedAtMillis, deletedAtMillis));
    }

    private List<Sibling> notCoveredBy(VersionVector context) {
        var left = new ArrayList<Sibling>(siblings.size() + 1);
        for (Sibling sibling : siblings) {
            if (!sibling.isCoveredBy(context)) {
                left.add(sibling);
            }
        }
        return left;
    }

    /**
     * The least record above both (rule D3). A dot lives if both have it, or if one has it and the other never saw it; what one
     * side saw and no longer has was overwritten there.
     */
    public VersionedRecord join(VersionedRecord other) {
        if (equals(other) && deletedAtMillis >= other.deletedAtMillis) {
            return this;
        }
        var joined = new ArrayList<Sibling>(siblings.size() + other.siblings.size());
        for (Sibling mine : siblings) {
            Sibling theirs = other.find(mine.content());
            List<TimedDot> live = dotsThatLive(mine, theirs, other.vector);
            if (theirs != null) {
                live.addAll(dotsThatLive(theirs, mine, vector));
            }
            addIfLive(joined, live, mine.content());
        }
        for (Sibling theirs : other.siblings) {
            if (find(theirs.content()) == null) {
                addIfLive(joined, dotsThatLive(theirs, null, vector), theirs.content());
            }
        }
        joined.sort(null);
        return new VersionedRecord(
                vector.join(other.vector), List.copyOf(joined), Math.max(deletedAtMillis, other.deletedAtMillis));
    }

    /** The dots of one side's sibling that the other side also has, or never saw. */
    private static List<TimedDot> dotsThatLive(Sibling sibling, @Nullable Sibling sameThere, VersionVector seenThere) {
        var live = new ArrayList<TimedDot>(sibling.dots().size() + 1);
        for (TimedDot dot : sibling.dots()) {
            if (sameThere != null && sameThere.has(dot.dot()) || !seenThere.contains(dot.dot())) {
                live.add(dot);
            }
        }
        return live;
    }

    private static void addIfLive(List<Sibling> joined, List<TimedDot> live, Content content) {
        if (!live.isEmpty()) {
            joined.add(new Sibling(live.stream().distinct().sorted().toList(), content));
        }
    }

    private @Nullable Sibling find(Content content) {
        for (Sibling sibling : siblings) {
            if (sibling.content().equals(content)) {
                return sibling;
            }
        }
        return null;
    }

    /** Whether this very write, id and digest, has a live version here: executing it again must make no second one (rule W4). */
    public boolean holds(Content content) {
        return find(content) != null;
    }

    /** Whether a live version has this id, whatever its digest (rule W4). */
    public boolean holdsAnyOf(RequestId requestId) {
        return siblings.stream()
                .anyMatch(sibling -> sibling.content().requestId().equals(requestId));
    }

    /** What a {@code latest} bucket shows: the sibling with the highest hybrid time, ties by dot (rule D6). */
    public Optional<Sibling> latest() {
        Sibling latest = null;
        for (Sibling sibling : siblings) {
            if (latest == null || sibling.time().compareTo(latest.time()) >= 0) {
                latest = sibling;
            }
        }
        return Optional.ofNullable(latest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VersionedRecord that && vector.equals(that.vector) && siblings.equals(that.siblings);
    }

    @Override
    public int hashCode() {
        return Objects.hash(vector, siblings);
    }

    @Override
    public String toString() {
        return "VersionedRecord[" + vector + ", " + siblings + "]";
    }
}
