package io.dynamokv.node.storage;

import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import java.util.List;

/** The file {@code peers.json}. */
record PeersDocument(int format, List<Peer> peers) {
    record Peer(String nodeId, String name, String host, int peerPort, int httpPort) {
        static Peer of(PeerEntry entry) {
            NodeAddress address = entry.address();
            return new Peer(
                    entry.id().toString(), entry.name(), address.host(), address.peerPort(), address.httpPort());
        }

        PeerEntry toEntry() {
            return new PeerEntry(NodeId.parse(nodeId), name, new NodeAddress(host, peerPort, httpPort));
        }
    }

    static PeersDocument of(List<PeerEntry> entries) {
        return new PeersDocument(1, entries.stream().map(Peer::of).toList());
    }

    List<PeerEntry> toEntries() {
        return peers.stream().map(Peer::toEntry).toList();
    }
}
