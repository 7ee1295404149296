package io.dynamokv.node.storage;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ChainLink;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import io.dynamokv.core.ring.MapDocument;
import io.dynamokv.core.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * A node's directory: its lock, its identity (rule N1), its starts (rule N3), its newest map with the chain behind it (rule M1), its
 * peers, and the place of its database. Whatever a method has changed is on the disk when it returns, and a crash between any two
 * steps leaves a directory that opens. Nothing is discarded by itself: a directory that raises a doubt is refused as it is, and one that the other
 * nodes turned away is moved aside, whole.
 *
 * <p>Safe for several threads. After opening, broken storage is a {@link StoreException}.
 */
public final class DataDirectory implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DataDirectory.class);
    private static final String NODE = "node.json";
    private static final String BOOT = "boot.json";
    private static final String MAP = "map.json";
    private static final String CHAIN = "chain";
    /** Where the chain waits until its map is on disk. */
    private static final String NEXT_CHAIN = "chain.next";

    /** Where the peers are. */
    private static final String PEERS = "peers.json";
    /** Where the last join had them. */
    private static final String JOINED = "joined.json";
    /** The last start known of each other node. */
    private static final String STARTS = "starts.json";
    /** Of all files but the map and the node's, which have formats of their own. */
    private static final int FORMAT_MAX = 1;

    private static final String DATABASE = "db";
    /** The file that RocksDB has from the first opening on. */
    private static final String DATABASE_EXISTS = "CURRENT";

    private static final List<String> REPLACED =
            List.of(NODE, BOOT, MAP, CHAIN, NEXT_CHAIN, PEERS, JOINED, STARTS, TurnedAwayFiles.MARK);
    /** What may lie in a directory that has no node yet: traces of an interrupted creation, and what a fresh file system has. */
    private static final Set<String> HARMLESS = harmless();

    private static final int FOREIGN_NAMES_SHOWN_MAX = 3;

    private final Path path;
    private final FileStore disk;
    private final DirectoryFiles files;
    private final DirectoryLock lock;
    private final BootId boot;
    private final Map<Path, Object> inPlace;
    private volatile NodeDocument.Identity identity;
    private volatile Optional<ClusterMap> map;
    private volatile MapChain chain;
    private volatile List<PeerEntry> peers;
    private volatile List<PeerEntry> joined;
    private volatile Map<NodeId, BootId> starts;

    /**
     * Opens or creates the directory, and begins a new start of the node, which is durable when this returns.
     *
     * @param expected if given, a directory of any other cluster is refused
     * @param random draws the identity and the start's random bits; must not be related to another node's
     * @throws DirectoryRefusedException if the directory cannot be used; no start is counted then
     */
    public static DataDirectory open(Path directory, Optional<ClusterId> expected, RandomGenerator random) {
        Path path = directory.toAbsolutePath().normalize();
        try {
            DirectoryFiles.create(path);
            var turnedAway = new TurnedAwayFiles(path);
            if (!turnedAway.areThere()) {
                requireOursOrEmpty(path);
            }
            DirectoryLock lock = DirectoryLock.acquire(path);
            try {
                if (turnedAway.areThere()) {
                    moveAside(path, turnedAway);
                }
                return new DataDirectory(path, lock, expected, random);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw DirectoryRefusedException.explain(path, "opening the node's directory", e);
        }
    }

    private DataDirectory(Path path, DirectoryLock lock, Optional<ClusterId> expected, RandomGenerator random)
            throws IOException {
        this.path = path;
        this.lock = lock;
        disk = Files.getFileStore(path);
        files = new DirectoryFiles(path);
        Optional<NodeDocument> document =
                files.readJson(NODE, NodeDocument.FORMAT_MAX, NodeDocument.class, NodeDocument::checked);
        document.ifPresent(this::requireLayout);
        Optional<NodeDocument.Identity> known = document.map(NodeDocument::toIdentity);
        known.ifPresent(node -> requireCluster(node, expected));
        map = files.readJson(MAP, MapDocument.FORMAT_MAX, MapDocument.class, MapDocument::toMap);
        peers = files.readJson(PEERS, FORMAT_MAX, PeersDocument.class, PeersDocument::toEntries)
                .orElse(List.of());
        joined = files.readJson(JOINED, FORMAT_MAX, PeersDocument.class, PeersDocument::toEntries)
                .orElse(peers);
        starts = files.readJson(STARTS, FORMAT_MAX, StartsDocument.class, StartsDocument::toStarts)
                .orElse(Map.of());
        chain = readChainOfMap();
        Optional<BootId> lastBoot = files.readJson(BOOT, FORMAT_MAX, BootDocument.class, BootDocument::toBoot);
        known.ifPresent(node -> requireConsistent(node, lastBoot));

        files.deleteTemporary(REPLACED);
        identity = known.orElseGet(() -> new NodeDocument.Identity(newNodeId(random), Optional.empty()));
        if (known.isEmpty()) {
            files.writeJson(NODE, NodeDocument.of(identity));
        }
        createDatabasePlace();
        completeChain();
        boot = new BootId(lastBoot.map(BootId::number).orElse(0L) + 1, random.nextLong());
        files.writeJson(BOOT, BootDocument.of(boot));
        inPlace = filesInPlace();
    }

    /** What this process keeps open, so that no other file can pass for it. */
    private Map<Path, Object> filesInPlace() throws IOException {
        var keys = new LinkedHashMap<Path, Object>();
        for (Path file : List.of(path, path.resolve(DirectoryLock.FILE), database())) {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            keys.put(file, key == null ? "a file system without keys" : key);
        }
        return keys;
    }

    /** A start is a number higher: if the directory were used again, a copy that is started often enough would pass for the newest. */
    private static void moveAside(Path path, TurnedAwayFiles files) throws IOException {
        String why = new DirectoryFiles(path)
                .readJson(TurnedAwayFiles.MARK, FORMAT_MAX, TurnedAwayDocument.class, TurnedAwayDocument::reason)
                .orElse("nobody says why");
        String node = new DirectoryFiles(path)
                .readJson(NODE, NodeDocument.FORMAT_MAX, NodeDocument.class, NodeDocument::toIdentity)
                .map(identity -> identity.nodeId().toString())
                .orElse("a-node");
        LOG.warnf(
                "The directory that the other nodes turned away (%s) is kept in %s, and a new node begins here, to be put in the old one's place",
                why, files.moveAside(node));
    }

    private static void requireOursOrEmpty(Path path) throws IOException {
        if (Files.exists(path.resolve(NODE))) {
            return;
        }
        try (Stream<Path> entries = Files.list(path)) {
            List<String> foreign = entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> !HARMLESS.contains(name) && !TurnedAwayFiles.isAside(name))
                    .sorted()
                    .toList();
            if (!foreign.isEmpty()) {
                String shown = foreign.stream().limit(FOREIGN_NAMES_SHOWN_MAX).collect(Collectors.joining(", "));
                throw new DirectoryRefusedException(path + " is no node's directory: it has no " + NODE + ", but "
                        + foreign.size() + " other entries (" + shown
                        + "). Give the node an empty directory, or restore " + NODE
                        + " if it was one; nothing was changed.");
            }
        }
    }

    private static Set<String> harmless() {
        return Stream.concat(
                        Stream.of(DirectoryLock.FILE, "lost+found"),
                        REPLACED.stream().map(name -> name + DirectoryFiles.TEMPORARY))
                .collect(Collectors.toUnmodifiableSet());
    }

    private void requireCluster(NodeDocument.Identity node, Optional<ClusterId> expected) {
        Optional<ClusterId> own = node.clusterId();
        if (own.isPresent() && expected.isPresent() && !own.equals(expected)) {
            throw new DirectoryRefusedException(path + " belongs to node " + node.nodeId() + " of cluster " + own.get()
                    + ", but cluster " + expected.get()
                    + " is expected; nothing was changed. Give the node its own directory, or, "
                    + DirectoryRefusedException.discard(path));
        }
    }

    private void requireLayout(NodeDocument document) {
        int layout = document.layoutOfRows();
        if (layout != NodeDocument.LAYOUT) {
            String whose = layout < NodeDocument.LAYOUT ? "a build from before the first release" : "a newer release";
            throw new DirectoryRefusedException(path + " has rows of layout " + layout + ", written by " + whose
                    + "; this one reads layout " + NodeDocument.LAYOUT
                    + " and converts none. Nothing was changed. Start what wrote it, or, "
                    + DirectoryRefusedException.discard(path));
        }
    }

    /** What no crash can leave, for files are written in a fixed order: somebody removed or exchanged some of them. */
    private void requireConsistent(NodeDocument.Identity node, Optional<BootId> lastBoot) {
        if (node.clusterId().isPresent() && lastBoot.isEmpty()) {
            throw files.damaged(BOOT, "it is missing, and the node's starts cannot be counted from 1 again");
        }
        if (node.clusterId().isPresent() && !Files.exists(database().resolve(DATABASE_EXISTS))) {
            throw files.damaged(
                    DATABASE, "it is missing, and without it the node would vote for records that it no longer has");
        }
        Optional<ClusterId> ofMap = map.map(ClusterMap::clusterId);
        if (ofMap.isPresent() && !ofMap.equals(node.clusterId())) {
            throw files.damaged(
                    MAP,
                    "it is of cluster " + ofMap.get() + ", the node is of "
                            + node.clusterId().map(ClusterId::toString).orElse("none"));
        }
        if (chain.newest().isEmpty()) {
            return;
        }
        ChainLink last = chain.newest().get();
        ChainLink newest = map.map(ChainLink::of).orElseThrow(() -> files.damaged(MAP, "it is missing"));
        if (!newest.epoch().isAfter(last.epoch()) && !newest.equals(last)) {
            throw files.damaged(
                    MAP,
                    "it has epoch " + newest.epoch() + " and hash " + newest.hash() + ", the last line of " + CHAIN
                            + " has epoch " + last.epoch() + " and hash " + last.hash());
        }
    }

    /** The one that waits, if a crash kept it from taking the place of the old one. */
    private MapChain readChainOfMap() throws IOException {
        MapChain next = readChain(NEXT_CHAIN);
        boolean isOfMap = map.isPresent() && next.newest().equals(map.map(ChainLink::of));
        return isOfMap ? next : readChain(CHAIN);
    }

    private MapChain readChain(String name) throws IOException {
        Optional<byte[]> bytes = files.read(name);
        try {
            return bytes.map(content -> MapChain.parse(new String(content, StandardCharsets.US_ASCII)))
                    .orElse(MapChain.EMPTY);
        } catch (IllegalArgumentException e) {
            throw files.damaged(name, String.valueOf(e.getMessage()));
        }
    }

    private void writeChain(String name, MapChain links) throws IOException {
        files.write(name, links.format().getBytes(StandardCharsets.US_ASCII));
    }

    /** A crash in {@code adopt} leaves the map without its chain. */
    private void completeChain() throws IOException {
        if (map.isPresent()) {
            chain = chain.and(map.get());
            if (!chain.equals(readChain(CHAIN))) {
                writeChain(CHAIN, chain);
            }
        }
        files.delete(NEXT_CHAIN);
    }

    private void createDatabasePlace() throws IOException {
        if (!Files.exists(database())) {
            Files.createDirectory(database());
            DirectoryFiles.sync(path);
        }
    }

    /** A random UUID (version 4). */
    private static NodeId newNodeId(RandomGenerator random) {
        long high = random.nextLong() & ~0xF000L | 0x4000L;
        long low = random.nextLong() & ~(0b11L << 62) | 0b10L << 62;
        return new NodeId(new UUID(high, low));
    }

    public NodeId nodeId() {
        return identity.nodeId();
    }

    /** The start that began when this was opened. */
    public BootId boot() {
        return boot;
    }

    /** Empty until the first map is adopted. */
    public Optional<ClusterId> clusterId() {
        return identity.clusterId();
    }

    /** The newest adopted map. */
    public Optional<ClusterMap> map() {
        return map;
    }

    /** The maps that led to the newest one, as far as the node knows them. */
    public MapChain chain() {
        return chain;
    }

    public List<PeerEntry> peers() {
        return peers;
    }

    /** Where the peers were at the last join. */
    public List<PeerEntry> joinedPeers() {
        return joined;
    }

    /** The last start known of each other node. */
    public Map<NodeId, BootId> starts() {
        return starts;
    }

    /** Where the database lies. */
    public Path database() {
        return path.resolve(DATABASE);
    }

    /**
     * Persists a map that the caller found to follow the newest one (rule M1), with the chain that leads to it. The first one binds the
     * directory to its cluster, before anything of the cluster is in it. The database must have been opened before: from now on, a
     * directory without one is refused.
     *
     * <p>A crash between the steps leaves the old map with its chain, or the new one with its.
     *
     * @throws IllegalArgumentException if it cannot follow: another cluster's, older than what the node knows to be committed, or not at the end
     *     of the chain
     */
    public synchronized void adopt(ClusterMap next, MapChain nextChain) {
        requireMayFollow(next, nextChain);
        try {
            if (identity.clusterId().isEmpty()) {
                var bound = new NodeDocument.Identity(identity.nodeId(), Optional.of(next.clusterId()));
                files.writeJson(NODE, NodeDocument.of(bound));
                identity = bound;
            }
            writeChain(NEXT_CHAIN, nextChain);
            files.writeJson(MAP, MapDocument.of(next));
            map = Optional.of(next);
            writeChain(CHAIN, nextChain);
            chain = nextChain;
            files.delete(NEXT_CHAIN);
        } catch (IOException e) {
            throw new StoreException("cannot keep " + next + " in " + path + ": " + e.getMessage(), e);
        }
    }

    private void requireMayFollow(ClusterMap next, MapChain nextChain) {
        Optional<ClusterId> own = identity.clusterId();
        if (own.isPresent() && !own.get().equals(next.clusterId())) {
            throw new IllegalArgumentException(next + " is not of cluster " + own.get());
        }
        if (map.isPresent()
                && !map.get().equals(next)
                && next.epoch().number() <= map.get().knownCommitted()) {
            throw new IllegalArgumentException(next + " is not after what " + map.get() + " was built on");
        }
        if (!nextChain.newest().equals(Optional.of(ChainLink.of(next)))) {
            throw new IllegalArgumentException(next + " is not at the end of its chain");
        }
    }

    /** Remembers these peers instead of those before, as a join names them. */
    public synchronized void keepPeers(List<PeerEntry> entries) {
        List<PeerEntry> kept = List.copyOf(entries);
        try {
            if (!kept.equals(joined)) {
                files.writeJson(JOINED, PeersDocument.of(kept));
                joined = kept;
            }
            writePeers(kept);
        } catch (IOException e) {
            throw new StoreException("cannot keep the peers in " + path + ": " + e.getMessage(), e);
        }
    }

    /** Remembers where a peer is now; where it was at the join is not forgotten. */
    public synchronized void movePeer(PeerEntry moved) {
        try {
            if (files.read(JOINED).isEmpty()) {
                files.writeJson(JOINED, PeersDocument.of(joined));
            }
            writePeers(Stream.concat(peers.stream().filter(peer -> !peer.id().equals(moved.id())), Stream.of(moved))
                    .toList());
        } catch (IOException e) {
            throw new StoreException("cannot keep where " + moved.id() + " is in " + path + ": " + e.getMessage(), e);
        }
    }

    private void writePeers(List<PeerEntry> entries) throws IOException {
        if (!entries.equals(peers)) {
            files.writeJson(PEERS, PeersDocument.of(entries));
            peers = entries;
        }
    }

    /** Remembers the last start known of each other node (rule N3). */
    public synchronized void keepStarts(Map<NodeId, BootId> known) {
        Map<NodeId, BootId> kept = Map.copyOf(known);
        if (kept.equals(starts)) {
            return;
        }
        try {
            files.writeJson(STARTS, StartsDocument.of(kept));
            starts = kept;
        } catch (IOException e) {
            throw new StoreException("cannot keep the peers' starts in " + path + ": " + e.getMessage(), e);
        }
    }

    /** No later start may use the directory (rule N3): the next one moves it aside. */
    public synchronized void turnAway(String why) {
        try {
            files.writeJson(TurnedAwayFiles.MARK, new TurnedAwayDocument(1, why));
        } catch (IOException e) {
            throw new StoreException("cannot mark " + path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Refuses a directory that was removed under the running node, or in whose place there is another one, or whose database was removed. The process could go on
     * writing to files that have no names any more, and would confirm what ends with it.
     *
     * @throws StoreException if it is so, or cannot be told
     */
    public void requireInPlace() {
        try {
            if (!inPlace.equals(filesInPlace())
                    || (identity.clusterId().isPresent()
                            && !Files.exists(database().resolve(DATABASE_EXISTS)))) {
                throw gone(new NoSuchFileException(path.toString()));
            }
        } catch (NoSuchFileException e) {
            throw gone(e);
        } catch (IOException e) {
            throw new StoreException("cannot look at the files of " + path + ": " + e.getMessage(), e);
        }
    }

    private StoreException gone(NoSuchFileException e) {
        return new StoreException(
                path + " or its database was removed, or another took its place, while the node was running", e);
    }

    /** What this process may still write on the directory's disk. */
    public long usableBytes() {
        try {
            return disk.getUsableSpace();
        } catch (IOException e) {
            throw new StoreException("cannot ask for the usable space of " + path + ": " + e.getMessage(), e);
        }
    }

    /** As {@code df} has it: what is kept for root alone counts neither as used nor as usable. */
    public int diskUsedPercent() {
        try {
            long used = disk.getTotalSpace() - disk.getUnallocatedSpace();
            long all = used + disk.getUsableSpace();
            return all <= 0 ? 0 : (int) (used * 100 / all);
        } catch (IOException e) {
            throw new StoreException("cannot ask how full the disk of " + path + " is: " + e.getMessage(), e);
        }
    }

    /** Lets go of the lock. Close the database before. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new StoreException("cannot unlock " + path + ": " + e.getMessage(), e);
        }
    }
}
