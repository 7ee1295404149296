package io.dynamokv.node.runtime;

import static io.dynamokv.node.runtime.NodeOnOneLoop.MILK;
import static io.dynamokv.node.runtime.NodeOnOneLoop.get;
import static io.dynamokv.node.runtime.NodeOnOneLoop.keyWhere;
import static io.dynamokv.node.runtime.NodeOnOneLoop.mapOf;
import static io.dynamokv.node.runtime.NodeOnOneLoop.node;
import static io.dynamokv.node.runtime.NodeOnOneLoop.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.Tombstone;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How tombstones go, as a node's shards run it (rule T1). */
@Execution(ExecutionMode.CONCURRENT)
class StorageNodeReapTest extends OneStorageNode {
    @Test
    void t1_aTombstoneIsReapedWhenItIsProvedTwiceAndNothingIsLeftOfIt() throws Exception {
        ClusterMap map = serve(1, 1, Durability.SYNC);
        Key key = keyWhere(map, true);
        get(execute(put(key, "milk")));

        get(execute(new ClientRequest.Delete(key, new RequestId(1, 1), null, 1, 1)));

        await(store::isEmpty);
        await(() -> storageNode.reaped() == 1);
        assertEquals(VersionedRecord.EMPTY, read(key));
    }

    /** A partition is looked at once in a pass, and a pass takes a second for each: few are enough. */
    @Test
    void t1_oneMemberThatIsSilentKeepsTheTombstone() throws Exception {
        ClusterMap map = serve(mapOf(2, 1, Durability.SYNC, 2));
        Key key = keyWhere(map, true);
        get(execute(put(key, "milk")));
        get(execute(new ClientRequest.Delete(key, new RequestId(1, 1), null, 1, 1)));

        RecordedLinks.Sent first = links.sent.take();

        assertEquals(node(2), first.to());
        assertInstanceOf(PeerRequest.Prove.class, first.request());
        EventLoop loop = loopOf(map.partitionOf(key.token()));
        loop.submit(() -> first.listener().lost(node(2), true)).sync();
        RecordedLinks.Sent again = nextOf(PeerRequest.Prove.class);
        loop.submit(() -> again.listener().replied(node(2), new PeerReply.Proved(List.of(true))))
                .sync();
        links.sent.clear();
        // Had the silence counted as a proof, this would have been the second one, and there were nothing more to ask
        // for.
        nextOf(PeerRequest.Prove.class);
        assertFalse(store.isEmpty());
        assertEquals(0, storageNode.reaped());
    }

    /** An owner proves exactly this tombstone, any other member that it has nothing of the key; both after a sync. */
    @Test
    void t1_aMemberProvesWhatItHoldsAndNoMore() throws Exception {
        ClusterMap map = serve(4, 3, Durability.SYNC);
        Key own = keyWhere(map, true);
        Key others = keyWhere(map, false);
        Partition ofOwn = map.partitionOf(own.token());
        Partition ofOthers = map.partitionOf(others.token());
        VersionedRecord tombstone = MILK.discard(MILK.context(), 1);
        store.write(Map.of(storeKey(ofOwn, own), new StoredRecord(tombstone, null)), Map.of());

        assertEquals(new PeerReply.Proved(List.of(true)), prove(ofOwn, own, tombstone.vector()));
        assertEquals(new PeerReply.Proved(List.of(false)), prove(ofOwn, own, VersionVector.EMPTY));
        assertEquals(new PeerReply.Proved(List.of(true)), prove(ofOthers, others, tombstone.vector()));
        store.write(Map.of(storeKey(ofOthers, others), new StoredRecord(MILK, null, HintedSlots.of(1))), Map.of());
        assertEquals(new PeerReply.Proved(List.of(false)), prove(ofOthers, others, tombstone.vector()));
        assertTrue(store.syncs.get() >= 4);
    }

    /**
     * 1. D, no owner, proves that it has nothing; 2. its disk stands still, and an old value reaches its shard, to be kept for an owner; 3. the second
     * proof is asked for behind it; 4. the shard goes on and takes both in one turn. Were the store read as it is then, D would say "nothing" again, the owners
     * would drop the tombstone, and D would bring them the value.
     */
    @Test
    void t1_whatWaitsInTheShardBeforeAProofIsSeenByIt() throws Exception {
        ClusterMap map = serve(4, 3, Durability.SYNC);
        Key key = keyWhere(map, false);
        Partition partition = map.partitionOf(key.token());
        VersionedRecord tombstone = MILK.discard(MILK.context(), 1);

        List<CompletableFuture<PeerReply>> replies = inOneTurn(
                partition,
                new PeerRequest.StandIn(storeKey(partition, key), MILK, 1),
                proof(partition, key, tombstone.vector()));

        assertEquals(new PeerReply.Acknowledged(), get(replies.getFirst()));
        assertEquals(new PeerReply.Proved(List.of(false)), get(replies.getLast()));
    }

    @Test
    void t1_whatWaitsInAnOwnersShardBeforeItsProofIsSeenByIt() throws Exception {
        ClusterMap map = serve(4, 3, Durability.SYNC);
        Key key = keyWhere(map, true);
        Partition partition = map.partitionOf(key.token());
        VersionedRecord tombstone = MILK.discard(MILK.context(), 1);
        store.write(Map.of(storeKey(partition, key), new StoredRecord(tombstone, null)), Map.of());

        List<CompletableFuture<PeerReply>> replies = inOneTurn(
                partition,
                new PeerRequest.Replicate(storeKey(partition, key), concurrent("eggs")),
                proof(partition, key, tombstone.vector()));

        assertEquals(new PeerReply.Acknowledged(), get(replies.getFirst()));
        assertEquals(new PeerReply.Proved(List.of(false)), get(replies.getLast()));
    }

    private static VersionedRecord concurrent(String value) {
        var dot = new TimedDot(new Dot(new WriterId(6), 1), HybridTime.ofMillis(1));
        return VersionedRecord.EMPTY.update(
                VersionVector.EMPTY, dot, put(new Key("carts", "k"), value).content());
    }

    /** As if the shard had stood still while they came. */
    private List<CompletableFuture<PeerReply>> inOneTurn(Partition partition, PeerRequest... requests)
            throws Exception {
        return loopOf(partition)
                .submit(() -> Arrays.stream(requests)
                        .map(request -> executeForPeer(partition, request))
                        .toList())
                .get();
    }

    private static PeerRequest proof(Partition partition, Key key, VersionVector vector) {
        return new PeerRequest.Prove(partition.number(), List.of(new Tombstone(key, vector)));
    }

    private PeerReply prove(Partition partition, Key key, VersionVector vector) throws Exception {
        return get(executeForPeer(partition, proof(partition, key, vector)));
    }
}
