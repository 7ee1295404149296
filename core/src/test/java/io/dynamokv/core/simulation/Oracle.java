package io.dynamokv.core.simulation;

import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.VersionedRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Judges a cluster by what its clients wrote and read, and by nothing else: it never looks at a version vector, a dot or a context. Each write has
 * a text of its own. An acknowledged text may vanish only if a later write or delete came from a client that had read it, directly or through what
 * it read; and what an acknowledged write or delete had read must not come back.
 */
final class Oracle {
    /** What somebody has read: the texts, and all that their writers had read before. */
    record Seen(Set<String> texts) {
        static final Seen NOTHING = new Seen(Set.of());
    }

    /** What a write or a delete says that it has seen. Its attempts at several nodes are one. */
    private static final class Change {
        private final Key key;
        private final Set<String> overwrites = new LinkedHashSet<>();
        private int attemptsNotRefused;
        private boolean acknowledged;
        private boolean acknowledgedByOwners;

        private Change(Key key) {
            this.key = key;
        }
    }

    private static final int SUPERSEDED_IDS_KEPT = 8;

    private boolean diskLost;
    private final Map<ClientRequest, Change> changes = new LinkedHashMap<>();
    private final Map<String, ClientRequest.Put> puts = new LinkedHashMap<>();
    private final Map<String, Set<String>> readBefore = new LinkedHashMap<>();
    private final Map<String, Integer> executions = new LinkedHashMap<>();

    /** @param seen what the client had read when it got the context that it sends */
    void began(ClientRequest request, Seen seen) {
        switch (request) {
            case ClientRequest.Get _ -> {}
            case ClientRequest.Put put -> {
                Change change = changes.computeIfAbsent(put, _ -> new Change(put.key()));
                change.overwrites.addAll(seen.texts());
                change.attemptsNotRefused++;
                puts.put(text(put), put);
                readBefore.put(text(put), seen.texts());
            }
            case ClientRequest.Delete delete -> {
                Change change = changes.computeIfAbsent(delete, _ -> new Change(delete.key()));
                change.overwrites.addAll(seen.texts());
                change.attemptsNotRefused++;
            }
        }
    }

    /** A delete without a context counts as having read what its coordinator read (rule D5). */
    void coordinatorRead(ClientRequest.Delete delete, VersionedRecord record) {
        if (delete.context() == null) {
            changeOf(delete).overwrites.addAll(read(record).texts());
        }
    }

    /** From now on a replica votes for what it does not have: reads may be older than what was acknowledged, and nothing may be lost for good. */
    void diskLost() {
        diskLost = true;
    }

    boolean readsFindWhatWasAcknowledged() {
        return !diskLost;
    }

    /** A node has stored a put as its coordinator. After a takeover there are two. */
    void executed(String text) {
        executions.merge(text, 1, Integer::sum);
    }

    void refused(ClientRequest request) {
        if (!(request instanceof ClientRequest.Get)) {
            changeOf(request).attemptsNotRefused--;
        }
    }

    /** @param sloppy a stand-in's vote was counted */
    void acknowledged(ClientRequest request, boolean sloppy) {
        Change change = changeOf(request);
        change.acknowledged = true;
        change.acknowledgedByOwners |= !sloppy;
    }

    /** A reader of this record has read its values, and through them what their writers had read. */
    Seen read(VersionedRecord record) {
        return through(textsIn(record));
    }

    /** What a context stands for that came back with a put: its value alone was left. */
    Seen left(ClientRequest.Put put) {
        return through(List.of(text(put)));
    }

    private Seen through(Collection<String> texts) {
        Set<String> all = new LinkedHashSet<>();
        for (String text : texts) {
            all.add(text);
            all.addAll(readBefore.getOrDefault(text, Set.of()));
        }
        return new Seen(all);
    }

    private Set<String> acknowledgedByOwners(Key key) {
        return textsOf(key, change -> change.acknowledgedByOwners);
    }

    private Set<String> overwrittenByOwners(Key key) {
        Set<String> overwritten = new LinkedHashSet<>();
        changes.values().stream()
                .filter(change -> change.acknowledgedByOwners && change.key.equals(key))
                .forEach(change -> overwritten.addAll(change.overwrites));
        return overwritten;
    }

    private Set<String> textsOf(Key key, Predicate<Change> which) {
        Set<String> texts = new LinkedHashSet<>();
        changes.forEach((request, change) -> {
            if (which.test(change) && change.key.equals(key) && request instanceof ClientRequest.Put put) {
                texts.add(text(put));
            }
        });
        return texts;
    }

    /**
     * Dynamo 4.5: where read and write quorums overlap, a read finds what was acknowledged before it began, or what was written over it; and nothing that was
     * overwritten or deleted before it began. Of what two coordinators stored the second copy may still be on its way out.
     */
    void checkRead(Key key, Before before, VersionedRecord found) {
        List<String> live = textsIn(found);
        nothingVanished(key, before.acknowledged(), live, () -> "a read found " + live);
        for (String text : live) {
            require(
                    !before.overwritten().contains(text) || executions.getOrDefault(text, 0) > 1,
                    () -> "'" + text + "' had been overwritten when a read began, which found " + live);
        }
    }

    /** What owners alone had acknowledged when a read began, and what that had read. */
    Before before(Key key) {
        return new Before(acknowledgedByOwners(key), overwrittenByOwners(key));
    }

    record Before(Set<String> acknowledged, Set<String> overwritten) {}

    /**
     * A replica's siblings are exactly the concurrent ones, after each of its changes: none was read by the writer of another, and none went that nobody who
     * had read it wrote over. Of what two coordinators stored a reader may have seen one copy only.
     *
     * @param came what another replica had
     */
    void checkStored(Key key, VersionedRecord before, VersionedRecord came, VersionedRecord after) {
        List<String> live = textsIn(after);
        for (String text : live) {
            boolean copied = executions.getOrDefault(text, 0) > 1;
            require(
                    copied || live.stream().noneMatch(other -> hasRead(other, text)),
                    () -> "'" + text + "' was read by the writer of its sibling: " + live);
        }
        Set<String> gone = new LinkedHashSet<>(textsIn(before));
        gone.addAll(textsIn(came));
        live.forEach(gone::remove);
        for (String text : gone) {
            require(
                    isOverwritten(key, text),
                    () -> "'" + text + "' went, and nobody who had read it wrote over it: " + textsIn(before) + " and "
                            + textsIn(came) + " became " + live);
        }
    }

    private boolean hasRead(String writer, String text) {
        return readBefore.getOrDefault(writer, Set.of()).contains(text);
    }

    private boolean isOverwritten(Key key, String text) {
        return changes.values().stream().anyMatch(change -> change.key.equals(key) && change.overwrites.contains(text));
    }

    /** All replicas are one, and nothing is under way. */
    void checkEnd(Key key, VersionedRecord all) {
        List<String> live = textsIn(all);
        nothingVanished(key, textsOf(key, change -> change.acknowledged), live, () -> "in the end there is " + live);
        require(live.size() == new LinkedHashSet<>(live).size(), () -> "one write is there twice: " + live);
        nothingRefusedAppeared(live);
        nothingOverwrittenCameBack(key, live);
    }

    private void nothingVanished(Key key, Set<String> acknowledged, List<String> live, Supplier<String> what) {
        for (String text : acknowledged) {
            boolean overwritten = changes.values().stream()
                    .anyMatch(change -> change.key.equals(key)
                            && change.attemptsNotRefused > 0
                            && change.overwrites.contains(text));
            require(
                    live.contains(text) || overwritten,
                    () -> "'" + text + "' was acknowledged, nobody who had read it wrote over it, and " + what.get());
        }
    }

    /** Rule W3. */
    private void nothingRefusedAppeared(List<String> live) {
        for (String text : live) {
            ClientRequest.Put put = puts.get(text);
            if (put == null) {
                throw new AssertionError("nobody wrote '" + text + "'");
            }
            require(
                    changeOf(put).attemptsNotRefused > 0,
                    () -> "'" + text + "' was refused each time, and is there: " + live);
        }
    }

    /**
     * What two coordinators stored has two dots, of which a reader may have seen one. The other is known by its id, as long as that is one of the
     * newest few (rule W4), by clocks that differ.
     */
    private void nothingOverwrittenCameBack(Key key, List<String> live) {
        Set<String> everOverwritten = new LinkedHashSet<>();
        changes.values().stream()
                .filter(change -> change.key.equals(key))
                .forEach(change -> everOverwritten.addAll(change.overwrites));
        boolean allAreKnown = everOverwritten.size() <= SUPERSEDED_IDS_KEPT;
        for (String text : live) {
            if (executions.getOrDefault(text, 0) > 1 && !allAreKnown) {
                continue;
            }
            changes.forEach((request, change) -> require(
                    !(change.acknowledged && change.key.equals(key) && change.overwrites.contains(text)),
                    () -> "'" + text + "' was overwritten by " + request + ", which was acknowledged, and is there: "
                            + live));
        }
    }

    private Change changeOf(ClientRequest request) {
        Change change = changes.get(request);
        if (change == null) {
            throw new AssertionError(request + " never began");
        }
        return change;
    }

    static String text(ClientRequest.Put put) {
        return new String(put.content().value(), StandardCharsets.UTF_8);
    }

    private static List<String> textsIn(VersionedRecord record) {
        return new ArrayList<>(Samples.textsIn(record));
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}
