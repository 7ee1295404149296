package io.dynamokv.core.version;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a replica knows of a key: the vector of every write it has seen and the siblings that nobody has overwritten yet, each
 * with explicit dots (rules D1 and D3; dotted version vectors, Preguiça et al. 2010). A record with a vector and no siblings is a
 * tombstone. {@code join} is commutative, associative and idempotent on vector and siblings; the time of the last delete and the superseded ids
 * are joined too and are outside of equality.
 */
public final class VersionedRecord {
    public static final VersionedRecord EMPTY = new VersionedRecord(VersionVector.EMPTY, List.of(), 0, List.of());

    private final VersionVector vector;
    private final List<Sibling> siblings;
    private final long deletedAtMillis;
    private final List<SupersededId> superseded;

    private VersionedRecord(
            VersionVector vector, List<Sibling> siblings, long deletedAtMillis, List<SupersededId> superseded) {
        this.vector = vector;
        this.siblings = siblings;
        this.deletedAtMillis = deletedAtMillis;
        this.superseded = superseded;
    }

    /** Builds a record from parts that came from outside and checks them: siblings in order, every dot covered, no dot and no content twice. */
    static VersionedRecord of(
            VersionVector vector, List<Sibling> siblings, long deletedAtMillis, List<SupersededId> superseded) {
        var seen = new LinkedHashSet<Dot>();
        var contents = new LinkedHashSet<Content>();
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
        for (int i = 1; i < superseded.size(); i++) {
            if (superseded.get(i - 1).compareTo(superseded.get(i)) >= 0) {
                throw new IllegalArgumentException("superseded ids are not in their order, the newest first");
            }
        }
        if (superseded.size() > SupersededId.KEPT_MAX) {
            throw new IllegalArgumentException(
                    "at most " + SupersededId.KEPT_MAX + " superseded ids are kept, were " + superseded.size());
        }
        return new VersionedRecord(vector, List.copyOf(siblings), deletedAtMillis, List.copyOf(superseded));
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

    /** The newest requests whose versions were removed, the newest first (rule W4). */
    public List<SupersededId> superseded() {
        return superseded;
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
        List<SupersededId> known = superseded(left, content, dot.time().millis());
        var dots = new ArrayList<>(List.of(dot));
        Sibling same = find(content);
        if (same != null && left.remove(same)) {
            dots.addAll(same.dots());
            dots.sort(null);
        }
        left.add(new Sibling(dots, content));
        left.sort(null);
        return new VersionedRecord(vector.join(context).with(dot.dot()), List.copyOf(left), deletedAtMillis, known);
    }

    /** A client's delete: what the context covers goes, and no dot is made (rule D5). A concurrent version survives. */
    public VersionedRecord discard(VersionVector context, long deletedAtMillis) {
        if (context.isEmpty()) {
            return this;
        }
        List<Sibling> left = notCoveredBy(context);
        return new VersionedRecord(
                vector.join(context),
                List.copyOf(left),
                Math.max(this.deletedAtMillis, deletedAtMillis),
                superseded(left, null, deletedAtMillis));
    }

    /** What is known when these are left, and those that went are superseded; not by a version of their own request. */
    private List<SupersededId> superseded(List<Sibling> left, @Nullable Content by, long atMillis) {
        if (left.size() == siblings.size()) {
            return superseded;
        }
        var gone = new ArrayList<SupersededId>();
        for (Sibling sibling : siblings) {
            if (!left.contains(sibling) && !sibling.content().equals(by)) {
                gone.add(SupersededId.of(sibling.content(), atMillis));
            }
        }
        gone.sort(null);
        return SupersededId.newest(superseded, gone);
    }

    /**
     * This record without live versions that are known as superseded (rule W4): 1. two coordinators store one request, as two dots; 2. a client
     * reads one and overwrites it; 3. the other arrives. Not a part of the join, for only so many ids are known, and a join must not depend on them.
     */
    public VersionedRecord withoutSuperseded() {
        if (superseded.isEmpty()) {
            return this;
        }
        List<Sibling> left = siblings.stream()
                .filter(sibling -> !isSuperseded(sibling.content()))
                .toList();
        return left.size() == siblings.size() ? this : new VersionedRecord(vector, left, deletedAtMillis, superseded);
    }

    /** Whether this very write was here and was removed: executing it again must make no version (rule W4). */
    public boolean isSuperseded(Content content) {
        for (SupersededId known : superseded) {
            if (known.isOf(content)) {
                return true;
            }
        }
        return false;
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
        List<SupersededId> known = SupersededId.newest(superseded, other.superseded);
        if (equals(other) && deletedAtMillis >= other.deletedAtMillis && known.equals(superseded)) {
            return this;
        }
        var joined = new ArrayList<Sibling>(siblings.size() + other.siblings.size());
        var gone = new ArrayList<SupersededId>();
        for (Sibling mine : siblings) {
            Sibling theirs = other.find(mine.content());
            List<TimedDot> live = dotsThatLive(mine, theirs, other.vector);
            int dots = mine.dots().size();
            if (theirs != null) {
                live.addAll(dotsThatLive(theirs, mine, vector));
                dots += theirs.dots().size();
            }
            addIfLive(joined, live, mine.content());
            noteIfSuperseded(gone, known, live.size() < dots, mine);
        }
        for (Sibling theirs : other.siblings) {
            if (find(theirs.content()) == null) {
                List<TimedDot> live = dotsThatLive(theirs, null, vector);
                addIfLive(joined, live, theirs.content());
                noteIfSuperseded(gone, known, live.size() < theirs.dots().size(), theirs);
            }
        }
        joined.sort(null);
        gone.sort(null);
        return new VersionedRecord(
                vector.join(other.vector),
                List.copyOf(joined),
                Math.max(deletedAtMillis, other.deletedAtMillis),
                SupersededId.newest(known, gone));
    }

    /**
     * Whoever removed a dot without knowing whose it was cannot have noted its request: 1. A has the milk as w1, B the same request's as x1; 2. a
     * client that has read w1 deletes it at B; 3. now, as A's record comes, it is known that the milk is what was deleted.
     */
    private static void noteIfSuperseded(
            List<SupersededId> gone, List<SupersededId> known, boolean someDotIsDead, Sibling sibling) {
        if (someDotIsDead && known.stream().noneMatch(id -> id.isOf(sibling.content()))) {
            gone.add(SupersededId.of(sibling.content(), sibling.time().millis()));
        }
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

    /** Whether a version, live or superseded, has this id, whatever its digest (rule W4). */
    public boolean knows(RequestId requestId) {
        return siblings.stream()
                        .anyMatch(sibling -> sibling.content().requestId().equals(requestId))
                || superseded.stream().anyMatch(known -> known.id().equals(requestId));
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
