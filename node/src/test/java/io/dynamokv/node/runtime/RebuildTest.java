package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.LeafTables;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoredRecord;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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

        while (!node.store.leaves(partition).equals(Optional.of(right))) {
            Thread.onSpinWait();
        }
    }

    /** All trees were once built in one go, and nobody was answered until the last one was done. */
    @Test
    void requestsAreAnsweredWhileItGoesOn() throws Exception {
        int last = NodeOnOneLoop.PARTITIONS - 1;
        var wrong = new LeafTable();
        wrong.set(notInTheSampleOfAStart(last), 42);
        node.store.replaceLeaves(last, wrong);
        node.serve();
        node.afterAllThatWasSubmitted();
        var atTheAnswer = new CompletableFuture<Optional<LeafTable>>();

        node.storageNode.repair(true);
        node.storageNode.execute(
                new ClientRequest.Get(node.keyWhere(true), 1),
                100,
                answer -> atTheAnswer.complete(node.store.leaves(last)));

        assertEquals(Optional.of(wrong), NodeOnOneLoop.get(atTheAnswer));
    }

    private static int notInTheSampleOfAStart(int partition) {
        return (int) (NodeOnOneLoop.BOOT.number() + partition + Leaf.COUNT / 2) % Leaf.COUNT;
    }
}
