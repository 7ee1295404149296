package io.dynamokv.node.app;

import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Member;
import io.dynamokv.node.storage.DataDirectory;
import io.dynamokv.node.storage.PeerEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Where the other nodes are: as each says itself since this node's start, else as it was last known, which is on disk. Where the join had
 * them is kept too, for a node may be back there. From any thread.
 */
final class PeerBook {
    private final DataDirectory directory;
    private final NodeAddress configured;
    /** What each said itself, since this node's start. */
    private final Map<NodeId, NodeAddress> said = new ConcurrentHashMap<>();

    /** @param configured where this node is, if it is told; its host is the one on which it listens otherwise */
    PeerBook(DataDirectory directory, NodeAddress configured) {
        this.directory = directory;
        this.configured = configured;
    }

    /** Of the others. Who is no member any more is not called, and nobody is told that it is down. */
    Map<NodeId, NodeAddress> addresses() {
        Map<NodeId, NodeAddress> known = new LinkedHashMap<>();
        directory.peers().forEach(peer -> known.put(peer.id(), peer.address()));
        known.putAll(said);
        known.remove(directory.nodeId());
        directory
                .map()
                .ifPresent(
                        map -> known.keySet().removeIf(peer -> map.member(peer).isEmpty()));
        return Map.copyOf(known);
    }

    /** All places where each of the others may be, the likeliest first. */
    Map<NodeId, List<NodeAddress>> places() {
        Map<NodeId, List<NodeAddress>> places = new LinkedHashMap<>();
        addresses().forEach((peer, address) -> places.put(peer, List.of(address)));
        for (PeerEntry peer : directory.joinedPeers()) {
            places.computeIfPresent(peer.id(), (id, known) -> with(known, peer.address()));
        }
        return Map.copyOf(places);
    }

    private static List<NodeAddress> with(List<NodeAddress> known, NodeAddress address) {
        var all = new ArrayList<>(known);
        all.add(address);
        return all.stream().distinct().toList();
    }

    /** Where others reach this node. Who listens on all addresses is where the join said. */
    NodeAddress own() {
        boolean isWildcard = Stream.of("0.0.0.0", "::", "[::]").anyMatch(configured.host()::equals);
        return isWildcard ? ownByJoin().orElse(configured) : configured;
    }

    private Optional<NodeAddress> ownByJoin() {
        return directory.joinedPeers().stream()
                .filter(peer -> peer.id().equals(directory.nodeId()))
                .map(PeerEntry::address)
                .findFirst();
    }

    /** Known at once. */
    void moved(NodeId peer, NodeAddress address) {
        said.put(peer, address);
    }

    /** On disk when it returns. May block. */
    void keep(NodeId peer, NodeAddress address) {
        if (said.getOrDefault(peer, address).equals(address)) {
            String name = nameOf(peer);
            directory.movePeer(new PeerEntry(peer, name, address));
        }
    }

    private String nameOf(NodeId peer) {
        Optional<String> byMap =
                directory.map().flatMap((ClusterMap map) -> map.member(peer)).map(Member::name);
        return byMap.orElseGet(peer::toString);
    }
}
