package io.dynamokv.operator.nodes;

import java.util.List;

/** What a node with an empty directory needs to begin: who the others are, and where. */
public record Joining(List<Peer> peers) {
    public Joining {
        peers = List.copyOf(peers);
    }

    public record Peer(String nodeId, String name, String host, int peerPort, int httpPort) {}
}
