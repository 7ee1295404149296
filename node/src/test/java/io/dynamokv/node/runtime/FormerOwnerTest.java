package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.store.Tombstone;
import io.dynamokv.core.version.VersionedRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Rule T1: 1. a node owns a key, and a later map gives its slot to another; 2. it still has the row, which is kept for nobody; 3. the value is deleted, and
 * the owners agree on the tombstone; 4. it goes; 5. the node becomes an owner again, and the value is back. So the node says no at 4.
 */
@Timeout(20)
class FormerOwnerTest {
    private static final NodeId INSTEAD = NodeOnOneLoop.node(4);

    private final NodeOnOneLoop node = NodeOnOneLoop.of(4, 3).serve();
    private final Key key = keyThatMoves(node.map);
    private final VersionedRecord tombstone = NodeOnOneLoop.MILK.discard(NodeOnOneLoop.MILK.context(), 1);

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void t1_aValueOfAFormerOwnerKeepsTheTombstone() throws Exception {
        ClusterMap later = takeAwayTheSlotOfOneThatHolds(NodeOnOneLoop.MILK);

        assertEquals(new PeerReply.Proved(List.of(false)), ask(later, proof()));
    }

    /** Nobody drops it when the owners drop theirs, so of a member that is no owner nothing but nothing is a proof. */
    @Test
    void t1_aTombstoneOfAFormerOwnerKeepsItToo() throws Exception {
        ClusterMap later = takeAwayTheSlotOfOneThatHolds(tombstone);

        assertEquals(new PeerReply.Proved(List.of(false)), ask(later, proof()));
    }

    @Test
    void t1_oneThatNeverHeldItHasNothingAgainstIt() throws Exception {
        ClusterMap later = later(node.map);
        node.storageNode.serve(later);

        assertEquals(new PeerReply.Proved(List.of(true)), ask(later, proof()));
    }

    private ClusterMap takeAwayTheSlotOfOneThatHolds(VersionedRecord record) throws Exception {
        assertEquals(
                new PeerReply.Acknowledged(), ask(node.map, new PeerRequest.Replicate(node.storeKey(key), record)));
        ClusterMap later = later(node.map);
        node.storageNode.serve(later);
        return later;
    }

    private PeerRequest proof() {
        Partition partition = node.partitionOf(key);
        return new PeerRequest.Prove(partition.number(), List.of(new Tombstone(key, tombstone.vector())));
    }

    private PeerReply ask(ClusterMap map, PeerRequest request) throws Exception {
        Partition partition = map.partitionOf(key.token());
        var reply = new CompletableFuture<PeerReply>();
        node.storageNode.execute(
                NodeOnOneLoop.node(2), partition.number(), partition.lastChanged(), request, reply::complete);
        return NodeOnOneLoop.get(reply);
    }

    private static Key keyThatMoves(ClusterMap map) {
        Key key = NodeOnOneLoop.keyWhere(map, true);
        for (int i = 0; map.partitionOf(key.token()).owners().contains(INSTEAD); i++) {
            key = new Key("carts", "another-" + i);
        }
        return key;
    }

    /** All slots of this node are the other's, but where that is an owner already. */
    private static ClusterMap later(ClusterMap map) {
        Epoch epoch = map.epoch().next();
        return new ClusterMap(
                map.clusterId(),
                new ClusterMap.Version(map.version().term(), epoch, map.hash()),
                map.settings(),
                map.buckets(),
                map.members(),
                map.partitions().stream()
                        .map(partition -> partition.owners().contains(INSTEAD)
                                ? partition
                                : new Partition(
                                        partition.number(),
                                        epoch,
                                        partition.owners().stream()
                                                .map(owner -> owner.equals(NodeOnOneLoop.SELF) ? INSTEAD : owner)
                                                .toList()))
                        .toList());
    }
}
