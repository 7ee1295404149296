package io.dynamokv.node.http;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ChainLink;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import io.dynamokv.core.ring.MapDocument;
import io.dynamokv.core.ring.Member;
import io.dynamokv.node.port.Exchanges;
import io.dynamokv.node.port.MapSource;
import io.dynamokv.node.port.NodeAdmin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The admin API's documents, as JSON has them. What JSON leaves out is null, whatever the types say. */
final class AdminDocuments {
    private AdminDocuments() {}

    /**
     * @param livenessSinceMillis since 1970
     * @param hintsWaiting writes that this node keeps for the peer until it has got them
     */
    record PeerStatus(String nodeId, String name, String liveness, long livenessSinceMillis, long hintsWaiting) {
        private static PeerStatus of(Member member, MapSource maps) {
            return new PeerStatus(
                    member.id().toString(),
                    member.name(),
                    maps.liveness(member.id()).name().toLowerCase(Locale.ROOT),
                    maps.livenessSinceMillis(member.id()),
                    maps.hintsWaiting().getOrDefault(member.id(), 0L));
        }
    }

    record AddressDocument(String host, int peerPort, int httpPort) {
        private static AddressDocument of(NodeAddress address) {
            return new AddressDocument(address.host(), address.peerPort(), address.httpPort());
        }
    }

    record DiskDocument(int usedPercent) {}

    /**
     * @param address where others reach the node
     * @param zone the node's in the map; null if it is no member of one
     * @param committedEpoch the newest epoch that the node knows to be committed (rule M2)
     */
    record StatusDocument(
            String nodeId,
            String name,
            AddressDocument address,
            String state,
            boolean draining,
            @Nullable String zone,
            @Nullable String clusterId,
            @Nullable Long term,
            @Nullable Long epoch,
            @Nullable Long committedEpoch,
            @Nullable String mapHash,
            long bootNumber,
            long uptimeSeconds,
            DiskDocument disk,
            Exchanges exchanges,
            List<PeerStatus> peers) {
        static StatusDocument of(NodeAdmin.Status status, Exchanges exchanges, MapSource maps) {
            ClusterMap map = maps.map().orElse(null);
            List<PeerStatus> peers = map == null
                    ? List.of()
                    : map.members().stream()
                            .filter(member -> !member.id().equals(status.id()))
                            .map(member -> PeerStatus.of(member, maps))
                            .toList();
            return new StatusDocument(
                    status.id().toString(),
                    status.name(),
                    AddressDocument.of(status.address()),
                    map == null ? "empty" : "serving",
                    status.draining(),
                    map == null
                            ? null
                            : map.member(status.id())
                                    .map(member -> member.zone().name())
                                    .orElse(null),
                    status.clusterId().map(Object::toString).orElse(null),
                    map == null ? null : map.version().term(),
                    map == null ? null : map.epoch().number(),
                    map == null ? null : map.knownCommitted(),
                    map == null ? null : map.hash(),
                    status.bootNumber(),
                    status.uptimeSeconds(),
                    new DiskDocument(status.diskUsedPercent()),
                    exchanges,
                    peers);
        }
    }

    record LinkDocument(long epoch, long term, String hash) {
        private static LinkDocument of(ChainLink link) {
            return new LinkDocument(link.epoch().number(), link.term(), link.hash());
        }

        private ChainLink toLink() {
            if (hash == null) {
                throw new IllegalArgumentException("chain: a link's hash is missing");
            }
            return new ChainLink(new Epoch(epoch), term, hash);
        }
    }

    /** A map, and the links that lead to it; both ways. */
    record ChainedMapDocument(MapDocument map, @Nullable List<LinkDocument> chain) {
        static ChainedMapDocument of(ClusterMap map, MapChain chain) {
            return new ChainedMapDocument(
                    MapDocument.of(map),
                    chain.links().stream().map(LinkDocument::of).toList());
        }

        ClusterMap toMap() {
            if (map == null) {
                throw new IllegalArgumentException("map is required");
            }
            return map.toMap();
        }

        /** A map that comes without a chain still names its parent. */
        MapChain chainTo(ClusterMap read) {
            if (chain == null) {
                return MapChain.of(read);
            }
            var links = new ArrayList<ChainLink>();
            for (LinkDocument link : chain) {
                if (link == null) {
                    throw new IllegalArgumentException("chain: an entry is empty");
                }
                links.add(link.toLink());
            }
            return new MapChain(links);
        }
    }

    record PeerDocument(String nodeId, String name, String host, int peerPort, int httpPort) {
        private NodeAdmin.Peer toPeer() {
            if (nodeId == null || name == null || host == null) {
                throw new IllegalArgumentException("peers: nodeId, name and host are required");
            }
            return new NodeAdmin.Peer(NodeId.parse(nodeId), name, new NodeAddress(host, peerPort, httpPort));
        }
    }

    record JoinDocument(
            String clusterId, MapDocument map, @Nullable List<LinkDocument> chain, List<PeerDocument> peers) {
        JoinDocument {
            if (clusterId == null || map == null || peers == null) {
                throw new IllegalArgumentException("clusterId, map and peers are required");
            }
        }

        ChainedMapDocument chainedMap() {
            return new ChainedMapDocument(map, chain);
        }

        /** What is kept of them is read at every start, so one peer with two addresses must not get that far. */
        List<NodeAdmin.Peer> toPeers() {
            var read = new ArrayList<NodeAdmin.Peer>();
            var ids = new HashSet<NodeId>();
            for (PeerDocument document : peers) {
                if (document == null) {
                    throw new IllegalArgumentException("peers: an entry is empty");
                }
                NodeAdmin.Peer peer = document.toPeer();
                if (!ids.add(peer.id())) {
                    throw new IllegalArgumentException("peers: node " + peer.id() + " is there twice");
                }
                read.add(peer);
            }
            return read;
        }
    }

    record SafeToStopDocument(boolean safe, List<String> reasons) {}
}
