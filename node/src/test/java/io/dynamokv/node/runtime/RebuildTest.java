package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.LeafTables;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoredRecord;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dynamo 4.7: {@code POST /admin/v1/repair?rebuild=true} builds the hash trees from the rows. */
@Timeout(20)
class RebuildTest {
    private final NodeOnOneLoop node = NodeOnOneLoop.of(3, 3);

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aTreeThatIsNotThatOfItsRowsIsMendedByTheCommandAndNotByARepairAlone() throws Exception {
        Key key = node.keyWhere(true);
        int partition = node.partitionOf(key).number();
        node.store.write(Map.of(node.storeKey(key), new StoredRecord(NodeOnOneLoop.MILK, null)), Map.of());
        LeafTable right = new LeafTables(node.store).fromRows(Span.ofPartition(partition));
        var wrong = new LeafTable();
        wrong.set(notInTheSampleOfAStart(partition), 42);
        node.store.replaceLeaves(partition, wrong);
        node.serve();

        node.storageNode.repair(false);
        node.afterAllThatWasSubmitted();
        assertEquals(Optional.of(wrong), node.store.leaves(partition));
        node.storageNode.repair(true);
        node.afterAllThatWasSubmitted();

        assertEquals(Optional.of(right), node.store.leaves(partition));
    }

    private static int notInTheSampleOfAStart(int partition) {
        return (int) (NodeOnOneLoop.BOOT.number() + partition + Leaf.COUNT / 2) % Leaf.COUNT;
    }
}
