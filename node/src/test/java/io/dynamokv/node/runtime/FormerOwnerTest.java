package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.Tombstone;
import io.dynamokv.core.version.VersionedRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Rule T1: 1. a node owned a key, and owns it no more; 2. it still has the row, which is kept for nobody; 3. the value is deleted, and the owners agree on
 * the tombstone; 4. it goes; 5. the node becomes an owner again, and the value is back. So the node says no at 4.
 */
@Timeout(20)
class FormerOwnerTest {
    private final NodeOnOneLoop node = NodeOnOneLoop.of(4, 3);
    private final Key key = node.keyWhere(false);
    private final VersionedRecord tombstone = NodeOnOneLoop.MILK.discard(NodeOnOneLoop.MILK.context(), 1);

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void t1_aValueOfAFormerOwnerKeepsTheTombstone() throws Exception {
        assertEquals(new PeerReply.Proved(List.of(false)), proofOfOneThatHolds(NodeOnOneLoop.MILK));
    }

    /** Nobody drops it when the owners drop theirs, so of a member that is no owner nothing but nothing is a proof. */
    @Test
    void t1_aTombstoneOfAFormerOwnerKeepsItToo() throws Exception {
        assertEquals(new PeerReply.Proved(List.of(false)), proofOfOneThatHolds(tombstone));
    }

    private PeerReply proofOfOneThatHolds(VersionedRecord record) throws Exception {
        node.store.write(Map.of(node.storeKey(key), new StoredRecord(record, null)), Map.of());
        node.serve();
        int partition = node.partitionOf(key).number();
        return NodeOnOneLoop.get(node.executeForPeer(
                key, new PeerRequest.Prove(partition, List.of(new Tombstone(key, tombstone.vector())))));
    }
}
