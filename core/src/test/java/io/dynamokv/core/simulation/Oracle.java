package io.dynamokv.core.simulation;

import io.dynamokv.core.cluster.NodeId;
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
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Judges a cluster by what its clients wrote and read, and by nothing else: it never looks at a version vector, a dot or a context. Each write has
 * a text of its own. As long as any node that acknowledged a text keeps its disk, the text may vanish only if a later write or delete came from a client
 * that had read it, directly or through what it read; and what such a write or delete had read must not come back. A stand-in that has brought what it
 * kept to an owner need not keep it any longer: the owner must (rule H1).
 */
final class Oracle {
    /** What somebody has read: the texts, and all that their writers had read before. */
    record Seen(Set<String> texts) {
        static final Seen NOTHING = new Seen(Set.of());
    }

    /** What a node has on its disk of a key, from the loss of the disk before, or from when it last let the key's row go, to the next time. */
    record Disk(NodeId node, Key key, int lostBefore, int letGoBefore) {}

    /** What a coordinator made of a put, in which of its starts. */
    record Copy(Disk disk, int start) {}

    private record RowOf(NodeId node, Key key) {}

    /** What a write or a delete says that it has seen, and who has it on disk. Its attempts at several nodes are one. */
    private final class Change {
        private final Key key;
        private final Set<String> overwrites = new LinkedHashSet<>();
        /** Those that it was acknowledged from, the lost ones too. */
        private final Set<Disk> disks = new LinkedHashSet<>();
        /** Of coordinators; the synced ones. */
        private final Set<Copy> copies = new LinkedHashSet<>();
        /** Who said so when it was asked to store it. */
        private final Set<NodeId> voters = new LinkedHashSet<>();

        private int attemptsNotRefused;
        private boolean mayBeStored;
        private boolean acknowledged;

        private Change(Key key) {
            this.key = key;
        }

        private boolean isKept() {
            return disks.stream().anyMatch(Oracle.this::isThere);
        }

        /** Unless all disks that had it are lost. */
        private boolean mustHold() {
            return disks.isEmpty() ? acknowledged : isKept();
        }

        /** A change that no node began to store, or that all attempts at were refused, overwrites nothing. */
        private boolean mayHaveOverwritten(String text) {
            return mayBeStored && attemptsNotRefused > 0 && overwrites.contains(text);
        }
    }

    private static final int SUPERSEDED_IDS_KEPT = 8;

    private final List<NodeId> owners;
    private final Map<NodeId, Integer> disksLost = new LinkedHashMap<>();
    private final Map<RowOf, Integer> rowsLetGo = new LinkedHashMap<>();
    private final Map<ClientRequest, Change> changes = new LinkedHashMap<>();
    private final Map<String, ClientRequest.Put> puts = new LinkedHashMap<>();
    private final Map<String, Set<String>> readBefore = new LinkedHashMap<>();
    private final Map<String, List<Copy>> executions = new LinkedHashMap<>();

    Oracle(List<NodeId> owners) {
        this.owners = owners;
    }

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

    Disk diskOf(NodeId node, Key key) {
        return new Disk(node, key, disksLost.getOrDefault(node, 0), rowsLetGo.getOrDefault(new RowOf(node, key), 0));
    }

    private boolean isThere(Disk disk) {
        return disk.equals(diskOf(disk.node(), disk.key()));
    }

    /** A node begins to store it. */
    void mayBeStored(ClientRequest request) {
        changeOf(request).mayBeStored = true;
    }

    /**
     * The node says that what it holds with this change is on its disk.
     *
     * @param disk as it was when the node was asked: what it says late may be true no more
     */
    void isOnDisk(ClientRequest request, Disk disk) {
        Change change = changeOf(request);
        change.disks.add(disk);
        change.voters.add(disk.node());
    }

    /** An owner has on its disk what a stand-in brought it. */
    void delivered(Disk from, Disk to, Set<String> texts) {
        changesOf(from.key()).filter(change -> change.disks.contains(from)).forEach(change -> change.disks.add(to));
        texts.forEach(text -> changeOf(putOf(text)).disks.add(to));
    }

    /** All that the row was kept for has it. */
    void letGo(NodeId node, Key key) {
        rowsLetGo.merge(new RowOf(node, key), 1, Integer::sum);
    }

    /** @param elsewhere what other disks would show after a crash */
    void diskLost(NodeId node, Map<NodeId, Set<String>> elsewhere) {
        disksLost.merge(node, 1, Integer::sum);
        elsewhere.forEach((other, texts) -> texts.forEach(text -> {
            ClientRequest.Put put = putOf(text);
            changeOf(put).disks.add(diskOf(other, put.key()));
        }));
    }

    /** Acknowledged writes and deletes of which every disk is lost that was known to have them. */
    long changesLost() {
        return changes.values().stream()
                .filter(change -> change.acknowledged && !change.disks.isEmpty() && !change.isKept())
                .count();
    }

    /** A node has stored a put as its coordinator. After a takeover there are two, or one that did it again after it had lost what was not synced. */
    void executed(String text, Copy copy) {
        executions.computeIfAbsent(text, _ -> new ArrayList<>()).add(copy);
    }

    /** A coordinator has its own on disk. */
    void isOnDisk(ClientRequest request, Copy copy) {
        isOnDisk(request, copy.disk());
        changeOf(request).copies.add(copy);
    }

    private boolean hasTwoCopies(String text) {
        return executions.getOrDefault(text, List.of()).size() > 1;
    }

    /** Of a copy that is lost nobody knows whose it was, though somebody may have read it. */
    private boolean allCopiesAreKept(String text) {
        Change change = changeOf(putOf(text));
        return executions.getOrDefault(text, List.of()).stream()
                .allMatch(copy -> change.copies.contains(copy) && isThere(copy.disk()));
    }

    void refused(ClientRequest request) {
        if (!(request instanceof ClientRequest.Get)) {
            changeOf(request).attemptsNotRefused--;
        }
    }

    /**
     * W nodes have it on disk, and these are owners unless the answer says otherwise (Dynamo 4.5). A delete that found nothing stores nothing.
     *
     * @param sloppy a stand-in's vote was counted
     */
    void acknowledged(ClientRequest request, boolean sloppy) {
        Change change = changeOf(request);
        change.acknowledged = true;
        long voters = change.voters.stream()
                .filter(node -> sloppy || owners.contains(node))
                .count();
        Violation.require(
                Invariant.ACKNOWLEDGED_IS_ON_DISK,
                voters >= votesNeeded(request) || !change.mayBeStored && request instanceof ClientRequest.Delete,
                () -> request + " was acknowledged, and only these have it on disk: " + change.voters);
    }

    private static int votesNeeded(ClientRequest change) {
        return switch (change) {
            case ClientRequest.Put put -> put.writeQuorum();
            case ClientRequest.Delete delete -> delete.writeQuorum();
            case ClientRequest.Get get -> throw new IllegalArgumentException(get + " changes nothing");
        };
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

    private Stream<Change> changesOf(Key key) {
        return changes.values().stream().filter(change -> change.key.equals(key));
    }

    /** What so many owners have on disk when a read begins that R of them cannot miss it (Dynamo 4.5): for each the owners' disks. */
    Before before(ClientRequest request) {
        var surelyRead = new LinkedHashMap<ClientRequest, List<Disk>>();
        if (request instanceof ClientRequest.Get get) {
            changes.forEach((asked, change) -> {
                List<Disk> disks =
                        change.disks.stream().filter(this::isAnOwners).toList();
                if (change.key.equals(get.key()) && cannotBeMissed(disks, get)) {
                    surelyRead.put(asked, disks);
                }
            });
        }
        return new Before(surelyRead);
    }

    record Before(Map<ClientRequest, List<Disk>> surelyRead) {}

    private boolean isAnOwners(Disk disk) {
        return owners.contains(disk.node());
    }

    private boolean cannotBeMissed(List<Disk> disks, ClientRequest.Get get) {
        return disks.stream().filter(this::isThere).count() > owners.size() - get.readQuorum();
    }

    /**
     * A read of owners alone finds what so many of them had on disk when it began, and still have when it ends, that it cannot have missed it, or what
     * was written over it; and nothing that this had overwritten or deleted. Of what two coordinators stored the second copy may still be on its way
     * out.
     *
     * @param sloppy a stand-in's voice was counted
     */
    void checkRead(ClientRequest.Get get, Before before, VersionedRecord found, boolean sloppy) {
        List<String> live = textsIn(found);
        nothingRefusedAppeared(live);
        if (sloppy) {
            return;
        }
        before.surelyRead().forEach((request, disks) -> {
            if (!cannotBeMissed(disks, get)) {
                return;
            }
            if (request instanceof ClientRequest.Put put) {
                hasNotVanished(Invariant.READS_MISS_NOTHING, put, live, () -> "a read found " + live);
            }
            for (String text : live) {
                Violation.require(
                        Invariant.READS_MISS_NOTHING,
                        !changeOf(request).overwrites.contains(text) || hasTwoCopies(text),
                        () -> "'" + text + "' had been overwritten when a read began, which found " + live);
            }
        });
    }

    /**
     * A replica's siblings are exactly the concurrent ones, after each of its changes: none was read by the writer of another, and none went that nobody who
     * had read it wrote over. Of what two coordinators stored a reader may have seen one copy only.
     *
     * @param came what another replica had
     */
    void checkStored(Key key, VersionedRecord before, VersionedRecord came, VersionedRecord after) {
        List<String> live = textsIn(after);
        nothingRefusedAppeared(live);
        for (String text : live) {
            boolean copied = hasTwoCopies(text);
            Violation.require(
                    Invariant.SIBLINGS_ARE_THE_CONCURRENT_ONES,
                    copied || live.stream().noneMatch(other -> hasRead(other, text)),
                    () -> "'" + text + "' was read by the writer of its sibling: " + live);
        }
        Set<String> gone = new LinkedHashSet<>(textsIn(before));
        gone.addAll(textsIn(came));
        live.forEach(gone::remove);
        for (String text : gone) {
            Violation.require(
                    Invariant.SIBLINGS_ARE_THE_CONCURRENT_ONES,
                    isOverwritten(key, text),
                    () -> "'" + text + "' went, and nobody who had read it wrote over it: " + textsIn(before) + " and "
                            + textsIn(came) + " became " + live);
        }
    }

    private boolean hasRead(String writer, String text) {
        return readBefore.getOrDefault(writer, Set.of()).contains(text);
    }

    private boolean isOverwritten(Key key, String text) {
        return changesOf(key).anyMatch(change -> change.mayHaveOverwritten(text));
    }

    /** All replicas are one, and nothing is under way. */
    void checkEnd(Key key, VersionedRecord all) {
        List<String> live = textsIn(all);
        changes.forEach((request, change) -> {
            if (change.key.equals(key) && change.mustHold() && request instanceof ClientRequest.Put put) {
                hasNotVanished(Invariant.NOTHING_ACKNOWLEDGED_VANISHES, put, live, () -> "in the end there is " + live);
            }
        });
        Violation.require(
                Invariant.NO_WRITE_IS_THERE_TWICE,
                live.size() == new LinkedHashSet<>(live).size(),
                () -> "one write is there twice: " + live);
        nothingRefusedAppeared(live);
        nothingOverwrittenCameBack(key, live);
    }

    private void hasNotVanished(Invariant invariant, ClientRequest.Put put, List<String> live, Supplier<String> what) {
        String text = text(put);
        Violation.require(
                invariant,
                live.contains(text) || isCovered(put.key(), text, live),
                () -> "'" + text + "' was acknowledged, nobody who had read it wrote over it, and " + what.get());
    }

    /** What was written over it is there, or is covered itself; of a delete nothing is to be seen. */
    private boolean isCovered(Key key, String text, List<String> live) {
        return changes.entrySet().stream()
                .filter(entry -> entry.getValue().key.equals(key))
                .filter(entry -> entry.getValue().mayHaveOverwritten(text))
                .anyMatch(entry -> switch (entry.getKey()) {
                    case ClientRequest.Put over -> live.contains(text(over)) || isCovered(key, text(over), live);
                    case ClientRequest.Delete _ -> true;
                    case ClientRequest.Get _ -> false;
                });
    }

    /** Rule W3. */
    private void nothingRefusedAppeared(List<String> live) {
        for (String text : live) {
            Violation.require(
                    Invariant.NOTHING_REFUSED_APPEARS,
                    changeOf(putOf(text)).attemptsNotRefused > 0,
                    () -> "'" + text + "' was refused each time, and is there: " + live);
        }
    }

    /**
     * What two coordinators stored has two dots, of which a reader may have seen one. The other is known by its id, as long as that is one of the
     * newest few (rule W4), by clocks that differ, and the copy that was read is not lost.
     */
    private void nothingOverwrittenCameBack(Key key, List<String> live) {
        Set<String> everOverwritten = new LinkedHashSet<>();
        changesOf(key).forEach(change -> everOverwritten.addAll(change.overwrites));
        boolean allAreKnown = everOverwritten.size() <= SUPERSEDED_IDS_KEPT;
        for (String text : live) {
            if (hasTwoCopies(text) && !(allAreKnown && allCopiesAreKept(text))) {
                continue;
            }
            changes.forEach((request, change) -> Violation.require(
                    request instanceof ClientRequest.Delete
                            ? Invariant.DELETED_STAYS_DELETED
                            : Invariant.OVERWRITTEN_STAYS_OVERWRITTEN,
                    !(change.mustHold() && change.key.equals(key) && change.overwrites.contains(text)),
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

    private ClientRequest.Put putOf(String text) {
        ClientRequest.Put put = puts.get(text);
        if (put == null) {
            throw new Violation(Invariant.NOTHING_IS_READ_THAT_NOBODY_WROTE, "nobody wrote '" + text + "'");
        }
        return put;
    }

    static String text(ClientRequest.Put put) {
        return new String(put.content().value(), StandardCharsets.UTF_8);
    }

    private static List<String> textsIn(VersionedRecord record) {
        return new ArrayList<>(Samples.textsIn(record));
    }
}
