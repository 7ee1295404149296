package io.dynamokv.node.runtime;

import io.dynamokv.core.antientropy.ExchangeRequest;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.store.Tombstone;
import java.util.List;
import java.util.function.Consumer;

/** What a node must know of a peer's request before it carries it out. */
final class PeerRequests {
    /** What a forwarded request holds besides its value. */
    private static final int FORWARDED_BYTES = 1 << 10;

    private PeerRequests() {}

    /** A peer that is wrong about a key would leave a row where nobody ever looks for it. */
    static boolean fits(PeerRequest request, ClusterMap map, Partition partition) {
        return switch (request) {
            case PeerRequest.Replicate replicate -> fits(replicate.key().key(), map, partition);
            case PeerRequest.StandIn standIn ->
                standIn.slot() < partition.owners().size() && fits(standIn.key().key(), map, partition);
            case PeerRequest.Deliver deliver -> fits(deliver.key().key(), map, partition);
            case PeerRequest.Prove prove -> allFit(prove.tombstones(), map, partition);
            case PeerRequest.Reap reap -> allFit(reap.tombstones(), map, partition);
            case PeerRequest.Exchange exchange -> fits(exchange.request(), map, partition);
            case PeerRequest.Fetch fetch -> fits(fetch.key().key(), map, partition);
            case PeerRequest.Execute execute -> fits(execute.request().key(), map, partition);
        };
    }

    private static boolean fits(Key key, ClusterMap map, Partition partition) {
        return Bucket.NAME.matcher(key.bucket()).matches()
                && map.partitionOf(key.token()).equals(partition);
    }

    private static boolean fits(ExchangeRequest request, ClusterMap map, Partition partition) {
        return switch (request) {
            case ExchangeRequest.Compare _, ExchangeRequest.ListKeys _, ExchangeRequest.FetchLeaves _ -> true;
            case ExchangeRequest.FetchKeys fetch -> fetch.keys().stream().allMatch(key -> fits(key, map, partition));
            case ExchangeRequest.Join join ->
                join.records().stream().allMatch(record -> fits(record.key(), map, partition));
        };
    }

    private static boolean allFit(List<Tombstone> tombstones, ClusterMap map, Partition partition) {
        return tombstones.stream().allMatch(tombstone -> fits(tombstone.key(), map, partition));
    }

    /** A stand-in may be asked for all else (rules W1, R2). */
    static boolean isForOwners(PeerRequest request) {
        return request instanceof PeerRequest.Replicate
                || request instanceof PeerRequest.Deliver
                || request instanceof PeerRequest.Reap
                || request instanceof PeerRequest.Exchange;
    }

    /** What is to be stored is stored also when nobody waits for it any more (rule W6); what is to be told is not told then. */
    static boolean mayBeLate(PeerRequest request) {
        return !(request instanceof PeerRequest.Fetch || request instanceof PeerRequest.Execute);
    }

    /** A client waits for it at another node; all else can wait. */
    static boolean isForClients(PeerRequest request) {
        return switch (request) {
            case PeerRequest.Replicate _, PeerRequest.StandIn _, PeerRequest.Fetch _, PeerRequest.Execute _ -> true;
            case PeerRequest.Deliver _, PeerRequest.Prove _, PeerRequest.Reap _, PeerRequest.Exchange _ -> false;
        };
    }

    /** What is known of it without going through it; its number says the rest. */
    static int bytesOf(PeerRequest request) {
        return request instanceof PeerRequest.Execute(ClientRequest.Put put)
                ? FORWARDED_BYTES + put.content().value().length
                : FORWARDED_BYTES;
    }

    static void declineUnlessHeld(StoreResult result, Consumer<PeerReply> reply) {
        if (!(result instanceof StoreResult.Held)) {
            reply.accept(new PeerReply.Declined("not stored: " + result));
        }
    }

    static void replyFetched(StoreResult result, Consumer<PeerReply> reply) {
        reply.accept(
                result instanceof StoreResult.Held held
                        ? new PeerReply.Fetched(held.record())
                        : new PeerReply.Declined("not read: " + result));
    }
}
