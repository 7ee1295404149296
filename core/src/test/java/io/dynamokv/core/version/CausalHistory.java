package io.dynamokv.core.version;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The naive model of a record: every write event that a replica has seen, every one that was removed as far as it knows, and which
 * request made it. It never forgets, so a join is a union, and what is right can be seen at a glance (Preguiça et al. 2010, section 3).
 */
record CausalHistory(Map<Dot, Content> written, Set<Dot> seen, Set<Dot> removed) {
    static final CausalHistory EMPTY = new CausalHistory(Map.of(), Set.of(), Set.of());

    CausalHistory {
        written = Map.copyOf(written);
        seen = Set.copyOf(seen);
        removed = Set.copyOf(removed);
    }

    /** The live events of each request. */
    Map<Content, Set<Dot>> live() {
        return seen.stream()
                .filter(dot -> !removed.contains(dot))
                .collect(Collectors.groupingBy(this::madeBy, Collectors.toSet()));
    }

    private Content madeBy(Dot dot) {
        Content content = written.get(dot);
        if (content == null) {
            throw new AssertionError("the model lost the event " + dot);
        }
        return content;
    }

    CausalHistory update(Set<Dot> context, Dot dot, Content content) {
        CausalHistory rest = without(context);
        var writtenNow = new HashMap<>(rest.written);
        writtenNow.put(dot, content);
        return new CausalHistory(writtenNow, union(rest.seen, Set.of(dot)), rest.removed);
    }

    CausalHistory discard(Set<Dot> context) {
        return without(context);
    }

    /** All events of the context go, and every request goes whole of which the context has a live event (rule W4). */
    private CausalHistory without(Set<Dot> context) {
        var gone = new HashSet<>(context);
        for (Set<Dot> dots : live().values()) {
            if (dots.stream().anyMatch(context::contains)) {
                gone.addAll(dots);
            }
        }
        return new CausalHistory(written, union(seen, context), union(removed, gone));
    }

    CausalHistory join(CausalHistory other) {
        var writtenNow = new HashMap<>(written);
        writtenNow.putAll(other.written);
        return new CausalHistory(writtenNow, union(seen, other.seen), union(removed, other.removed));
    }

    private static Set<Dot> union(Set<Dot> a, Set<Dot> b) {
        var union = new HashSet<>(a);
        union.addAll(b);
        return union;
    }
}
