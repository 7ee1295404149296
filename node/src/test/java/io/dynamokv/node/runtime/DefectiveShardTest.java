package io.dynamokv.node.runtime;

import static io.dynamokv.node.runtime.NodeOnOneLoop.MILK;
import static io.dynamokv.node.runtime.NodeOnOneLoop.get;
import static io.dynamokv.node.runtime.NodeOnOneLoop.keyWhere;
import static io.dynamokv.node.runtime.NodeOnOneLoop.mapOf;
import static io.dynamokv.node.runtime.NodeOnOneLoop.node;
import static io.dynamokv.node.runtime.NodeOnOneLoop.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.antientropy.ExchangeReply;
import io.dynamokv.core.antientropy.ExchangeRequest;
import io.dynamokv.core.antientropy.KeyRecord;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.store.LeafTables;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.node.port.Answer;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A defect costs what it has hit, and tells whoever waits for that; the shard's other work goes on. */
@Execution(ExecutionMode.CONCURRENT)
class DefectiveShardTest extends OneStorageNode {
    private static final int BATCH_OPERATIONS_MAX = 256;

    private static Runnable onceDefective() {
        var times = new AtomicInteger();
        return () -> {
            if (times.getAndIncrement() == 0) {
                throw new IllegalStateException("a defect");
            }
        };
    }

    @Test
    void ofABatchThatFailsByADefectTheOutcomeIsUnknownAndTheNextOneIsDone() throws Exception {
        ClusterMap map = serve(3, 3, Durability.SYNC);
        Key key = keyWhere(map, true);
        Partition partition = map.partitionOf(key.token());
        store.beforeWrite = onceDefective();
        var replies = new ArrayList<CompletableFuture<PeerReply>>();

        var answer = new CompletableFuture<Answer>();

        loopOf(partition).execute(() -> {
            storageNode.execute(put(key, "milk"), 100, answer::complete);
            for (int i = 0; i < BATCH_OPERATIONS_MAX; i++) {
                replies.add(executeForPeer(partition, new PeerRequest.Replicate(storeKey(partition, key), MILK)));
            }
        });

        assertInstanceOf(Outcome.Unknown.class, outcome(get(answer)));
        assertInstanceOf(PeerReply.Declined.class, get(replies.getFirst()));
        assertInstanceOf(PeerReply.Declined.class, get(replies.get(BATCH_OPERATIONS_MAX - 2)));
        assertEquals(new PeerReply.Acknowledged(), get(replies.getLast()));
        assertEquals(0, storageNode.underWayRequests());
        assertTrue(broken.isEmpty());
    }

    /** The tree had taken the change when the rows did not: it would tell the other owners of a record that is not there. */
    @Test
    void theTreeIsThatOfTheRowsAfterABatchThatFailedByADefect() throws Exception {
        ClusterMap map = serve(1, 1, Durability.SYNC);
        Key key = keyWhere(map, true);
        int partition = map.partitionOf(key.token()).number();
        store.beforeWrite = onceDefective();
        assertInstanceOf(Outcome.Unknown.class, outcome(get(execute(put(key, "milk")))));

        get(execute(put(key, "eggs")));

        var rows = new LeafTables(store);
        assertEquals(Optional.of(rows.fromRows(Span.ofPartition(partition))), store.leaves(partition));
    }

    /** The node would look well and acknowledge nothing any more. */
    @Test
    void w5_whateverEndsTheSyncsStopsTheNode() throws Exception {
        ClusterMap map = serve(1, 1, Durability.SYNC);
        var defect = new LinkageError("a defect");
        store.beforeSync = () -> {
            throw defect;
        };

        var _ = execute(put(keyWhere(map, true), "milk"));

        assertEquals(defect, broken.take());
    }

    @Test
    void anExchangeThatCannotBeginByADefectEndsAndOthersBegin() throws Exception {
        anExchangeFailsAt(ExchangeRequest.Compare.class::isInstance, false);
    }

    @Test
    void anExchangeThatCannotGoOnByADefectEndsAndOthersBegin() throws Exception {
        anExchangeFailsAt(ExchangeRequest.FetchLeaves.class::isInstance, true);
    }

    private void anExchangeFailsAt(Predicate<ExchangeRequest> question, boolean answersTheFirst) throws Exception {
        Runnable defect = onceDefective();
        links.onSent = sent -> {
            if (sent.request() instanceof PeerRequest.Exchange(int number, ExchangeRequest asked)
                    && question.test(asked)) {
                defect.run();
            }
        };
        ClusterMap map = serve(3, 3, Durability.SYNC);
        liveness.heard(node(2));
        RecordedLinks.Sent first = nextOf(PeerRequest.Exchange.class);
        EventLoop loop = loopOf(map.partitions().get(first.partition()));
        var theirs = new LeafTable();
        theirs.set(7, 7);
        var differs = new PeerReply.Exchanged(new ExchangeReply.Differs(theirs));

        if (answersTheFirst) {
            loop.execute(() -> first.listener().replied(node(2), differs));
        }

        RecordedLinks.Sent next = nextOf(PeerRequest.Exchange.class);
        while (next.partition() == first.partition()
                || !loopOf(map.partitions().get(next.partition())).equals(loop)) {
            next = nextOf(PeerRequest.Exchange.class);
        }
        assertEquals(node(2), next.to());
    }

    /** Without an answer it would count for ever among what its peer has under way here. */
    @Test
    void aJoinThatFailsByADefectIsAnswered() throws Exception {
        ClusterMap map = serve(3, 3, Durability.SYNC);
        Key key = keyWhere(map, true);
        Partition partition = map.partitionOf(key.token());
        store.beforeWrite = onceDefective();

        PeerReply reply = get(executeForPeer(
                partition,
                new PeerRequest.Exchange(
                        partition.number(),
                        new ExchangeRequest.Join(List.of(new KeyRecord(key, MILK), new KeyRecord(key, MILK))))));

        assertInstanceOf(
                ExchangeReply.Declined.class,
                assertInstanceOf(PeerReply.Exchanged.class, reply).reply());
    }

    @Test
    void hintsAreReadAgainAfterAReadThatFailedByADefect() throws Exception {
        ClusterMap map = serve(4, 3, Durability.SYNC);
        Key key = keyWhere(map, false);
        Partition partition = map.partitionOf(key.token());
        NodeId owner = partition.owners().get(1);
        get(executeForPeer(partition, new PeerRequest.StandIn(storeKey(partition, key), MILK, 1)));
        Runnable defect = onceDefective();
        store.beforeScan = span -> defect.run();

        liveness.heard(owner);

        assertEquals(
                new PeerRequest.Deliver(storeKey(partition, key), MILK),
                nextOf(PeerRequest.Deliver.class).request());
    }

    @Test
    void tombstonesAreReadAgainAfterAReadThatFailedByADefect() throws Exception {
        ClusterMap map = serve(mapOf(2, 1, Durability.SYNC, 2));
        Key key = keyWhere(map, true);
        Span partition = Span.ofPartition(map.partitionOf(key.token()).number());
        get(execute(put(key, "milk")));
        Runnable defect = onceDefective();
        store.beforeScan = span -> {
            if (span.equals(partition)) {
                defect.run();
            }
        };

        get(execute(new ClientRequest.Delete(key, new RequestId(1, 1), null, 1, 1)));

        assertEquals(partition.partition(), nextOf(PeerRequest.Prove.class).partition());
    }
}
