package io.dynamokv.node.runtime;

import static io.dynamokv.node.runtime.NodeOnOneLoop.MILK;
import static io.dynamokv.node.runtime.NodeOnOneLoop.get;
import static io.dynamokv.node.runtime.NodeOnOneLoop.keyWhere;
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
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.List;
import java.util.Map;
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

    @Test
    void t1_oneMemberThatIsSilentKeepsTheTombstone() throws Exception {
        ClusterMap map = serve(2, 1, Durability.SYNC);
        Key key = keyWhere(map, true);
        get(execute(put(key, "milk")));
        get(execute(new ClientRequest.Delete(key, new RequestId(1, 1), null, 1, 1)));

        RecordedLinks.Sent first = links.sent.take();

        assertEquals(node(2), first.to());
        assertInstanceOf(PeerRequest.Prove.class, first.request());
        Partition partition = map.partitionOf(key.token());
        loopOf(partition).execute(() -> first.listener().lost(node(2), true));
        assertInstanceOf(PeerRequest.Prove.class, links.sent.take().request(), "asked again");
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

    private PeerReply prove(Partition partition, Key key, VersionVector vector) throws Exception {
        return get(executeForPeer(
                partition, new PeerRequest.Prove(partition.number(), List.of(new Tombstone(key, vector)))));
    }
}
