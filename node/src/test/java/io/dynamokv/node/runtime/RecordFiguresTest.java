package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.StoredRecord;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lesson 31: siblings and vectors that grow are seen before they are too many. */
@Timeout(20)
class RecordFiguresTest {
    private final NodeOnOneLoop node = NodeOnOneLoop.of(1, 1);

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void theMostVersionsAndWritersOfAKeyAreTold() throws Exception {
        Key key = node.keyWhere(true);
        node.store.write(Map.of(node.storeKey(key), new StoredRecord(NodeOnOneLoop.MILK, null)), Map.of());
        node.serve();
        assertEquals(0, node.storageNode.siblingsMax());

        assertEquals(
                new PeerReply.Fetched(NodeOnOneLoop.MILK),
                NodeOnOneLoop.get(node.executeForPeer(key, new PeerRequest.Fetch(node.storeKey(key)))));
        assertEquals(1, node.storageNode.siblingsMax());
        assertEquals(1, node.storageNode.vectorEntriesMax());
        NodeOnOneLoop.get(node.execute(NodeOnOneLoop.put(key, "eggs")));
        NodeOnOneLoop.get(node.execute(NodeOnOneLoop.put(key, "bread")));

        assertEquals(3, node.storageNode.siblingsMax());
        assertEquals(2, node.storageNode.vectorEntriesMax(), "of whoever wrote the milk, and of this node");
    }
}
