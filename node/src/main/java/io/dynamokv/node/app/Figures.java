package io.dynamokv.node.app;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.node.port.Figure;
import io.dynamokv.node.runtime.GossipFigures;
import io.dynamokv.node.runtime.StorageNode;
import io.dynamokv.node.transport.PeerNetwork;
import java.util.function.ToLongFunction;

/** Where each figure of a node is to be had; 0 of what is not there before the first map. */
final class Figures {
    private Figures() {}

    static long of(RunningNode node, Figure figure) {
        return switch (figure) {
            case UNDER_WAY_BYTES -> ofNode(node, StorageNode::underWayBytes);
            case UNDER_WAY_REQUESTS -> ofNode(node, StorageNode::underWayRequests);
            case UNDER_WAY_REQUESTS_MAX -> ofNode(node, StorageNode::underWayRequestsMax);
            case UNDER_WAY_FULL -> ofNode(node, storageNode -> storageNode.isFull() ? 1 : 0);
            case SHARD_LATE_MILLIS -> ofNode(node, StorageNode::shardLateMillis);
            case PEER_INTAKE_BYTES -> ofNetwork(node, PeerNetwork::intakeBytes);
            case PEER_UNSENT_BYTES -> ofNetwork(node, PeerNetwork::unsentBytes);
            case MAP_EPOCH -> node.map().map(map -> map.epoch().number()).orElse(0L);
            case MAP_FORKS -> node.forks();
            case HINTS_WAITING ->
                node.hintsWaiting().values().stream().mapToLong(Long::longValue).sum();
            case HINT_BYTES -> ofNode(node, StorageNode::hintBytes);
            case HINTS_DELIVERED -> ofNode(node, StorageNode::hintsDelivered);
            case STOOD_IN -> ofNode(node, StorageNode::stoodIn);
            case EXCHANGES_OWED -> node.exchanges().owed();
            case EXCHANGES_COMPLETED -> node.exchanges().completed();
            case EXCHANGES_FAILED -> node.exchanges().failed();
            case RECORDS_PULLED -> node.exchanges().recordsPulled();
            case RECORDS_PUSHED -> node.exchanges().recordsPushed();
            case EXCHANGE_BYTES -> node.exchanges().bytes();
            case READ_REPAIRS -> ofNode(node, StorageNode::readRepairs);
            case TAKEOVERS -> ofNode(node, StorageNode::takeovers);
            case SIBLINGS_MAX -> ofNode(node, StorageNode::siblingsMax);
            case VECTOR_ENTRIES_MAX -> ofNode(node, StorageNode::vectorEntriesMax);
            case TOMBSTONES_REAPED -> ofNode(node, StorageNode::reaped);
            case TOMBSTONES_UNANSWERED -> ofNode(node, StorageNode::reapingUnanswered);
            case PEERS_ALIVE -> peersThatAre(node, Liveness.ALIVE);
            case PEERS_DOWN -> peersThatAre(node, Liveness.DOWN);
            case GOSSIP_MESSAGES -> gossiped(node, GossipFigures::messages);
            case GOSSIP_BYTES -> gossiped(node, GossipFigures::bytes);
            case GOSSIP_SUSPICIONS -> gossiped(node, GossipFigures::suspicions);
            case GOSSIP_REFUTATIONS -> gossiped(node, GossipFigures::refutations);
            case MEMBERS_ALIVE -> gossiped(node, GossipFigures::alive);
            case MEMBERS_SUSPECT -> gossiped(node, GossipFigures::suspect);
            case MEMBERS_DOWN -> gossiped(node, GossipFigures::down);
            case CACHE_BYTES -> node.storeStats().cacheBytes();
            case MEMTABLE_BYTES -> node.storeStats().memtableBytes();
            case LIVE_BYTES -> node.storeStats().liveDataBytes();
            case COMPACTION_BYTES -> node.storeStats().pendingCompactionBytes();
            case LOG_BYTES -> node.storeStats().walBytes();
            case KEYS -> node.storeStats().keysEstimated();
            case DISK_USABLE_BYTES -> node.diskUsableBytes();
        };
    }

    private static long ofNode(RunningNode node, ToLongFunction<StorageNode> figure) {
        return node.storageNode().map(figure::applyAsLong).orElse(0L);
    }

    private static long ofNetwork(RunningNode node, ToLongFunction<PeerNetwork> figure) {
        return node.network().map(figure::applyAsLong).orElse(0L);
    }

    private static long gossiped(RunningNode node, ToLongFunction<GossipFigures> figure) {
        return node.gossip().map(figure::applyAsLong).orElse(0L);
    }

    private static long peersThatAre(RunningNode node, Liveness liveness) {
        return node.addresses().keySet().stream()
                .filter(peer -> node.liveness(peer) == liveness)
                .count();
    }
}
