package io.dynamokv.node.runtime;

import static io.dynamokv.node.runtime.NodeOnOneLoop.MILK;
import static io.dynamokv.node.runtime.NodeOnOneLoop.get;
import static io.dynamokv.node.runtime.NodeOnOneLoop.keyWhere;
import static io.dynamokv.node.runtime.NodeOnOneLoop.mapOf;
import static io.dynamokv.node.runtime.NodeOnOneLoop.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.handoff.ReplaySettings;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.version.VersionedRecord;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a node keeps for owners that are down, as its shards run it (rules H1, H2). */
class StorageNodeHintTest extends OneStorageNode {
    private static final int PAGES = 20;
    private static final VersionedRecord A_PAGE = record("x".repeat((int) ReplaySettings.DEFAULT.pageBytesMax()));

    /** A stand-in keeps it, says so, brings it to the owner when that is there, and only then lets it go. */
    @Test
    void h1_whatIsKeptForAnOwnerIsBroughtToItAndGoesWhenItIsConfirmed() throws Exception {
        ClusterMap map = serve(4, 3, Durability.SYNC);
        Key key = keyWhere(map, false);
        Partition partition = map.partitionOf(key.token());
        NodeId owner = partition.owners().get(1);

        assertEquals(
                new PeerReply.Acknowledged(),
                get(executeForPeer(partition, new PeerRequest.StandIn(storeKey(partition, key), MILK, 1))));
        await(() -> storageNode.hintsWaiting().equals(Map.of(owner, 1L)));
        assertEquals(1, storageNode.stoodIn());
        liveness.heard(owner);

        RecordedLinks.Sent sent = nextOf(PeerRequest.Deliver.class);
        assertEquals(owner, sent.to());
        assertEquals(new PeerRequest.Deliver(storeKey(partition, key), MILK), sent.request());
        assertFalse(store.isEmpty());
        loopOf(partition).execute(() -> sent.listener().replied(owner, new PeerReply.Acknowledged()));
        await(store::isEmpty);
        await(() -> storageNode.hintsWaiting().isEmpty());
        assertEquals(1, storageNode.hintsDelivered());
        assertEquals(0, storageNode.hintBytes());
    }

    @Test
    void h2_atItsLimitANodeStandsInForNobodyAndDropsNothing() throws Exception {
        ClusterMap map = serve(4, 3, Durability.SYNC);
        Key key = keyWhere(map, false);
        Partition partition = map.partitionOf(key.token());
        VersionedRecord large = record("x".repeat(HINT_BYTES_MAX));

        assertEquals(
                new PeerReply.Acknowledged(),
                get(executeForPeer(partition, new PeerRequest.StandIn(storeKey(partition, key), large, 1))));
        var declined = assertInstanceOf(
                PeerReply.Declined.class,
                get(executeForPeer(partition, new PeerRequest.StandIn(storeKey(partition, key), MILK, 1))));
        assertTrue(declined.why().contains("at most " + HINT_BYTES_MAX), declined::why);
        var executed = assertInstanceOf(
                PeerReply.Executed.class, get(executeForPeer(partition, new PeerRequest.Execute(put(key, "eggs")))));
        assertEquals(new Outcome.Refused(1, 0), executed.outcome());
        var fetched = assertInstanceOf(
                PeerReply.Fetched.class,
                get(executeForPeer(partition, new PeerRequest.Fetch(storeKey(partition, key)))));
        assertEquals(large, fetched.record());
    }

    /** Most rows wait for an owner that is down, the last one for one that is alive: it is found without keeping all others waiting until then. */
    @Test
    void aRequestIsAnsweredBetweenPagesOfWhichNothingIsSent() throws Exception {
        ClusterMap map = mapOf(4, 3, Durability.SYNC);
        Partition partition = map.partitionOf(keyWhere(map, false).token());
        var rows = new TreeMap<StoreKey, StoredRecord>();
        for (int i = 0; rows.size() < PAGES; i++) {
            var key = new Key("carts", "of-a-page-" + i);
            if (map.partitionOf(key.token()).equals(partition)) {
                rows.put(storeKey(partition, key), new StoredRecord(A_PAGE, null, HintedSlots.of(0)));
            }
        }
        rows.put(rows.lastKey(), new StoredRecord(A_PAGE, null, HintedSlots.of(1)));
        store.write(rows, Map.of());
        serve(map);
        var pages = new AtomicInteger();
        var pagesBeforeTheAnswer = new CompletableFuture<Integer>();
        store.beforeScan = span -> {
            if (span.partition() == partition.number() && pages.getAndIncrement() == 0) {
                var _ = executeForPeer(partition, new PeerRequest.Fetch(rows.firstKey()))
                        .thenAccept(reply -> pagesBeforeTheAnswer.complete(pages.get()));
            }
        };

        liveness.heard(partition.owners().get(1));

        assertEquals(
                new PeerRequest.Deliver(rows.lastKey(), A_PAGE),
                nextOf(PeerRequest.Deliver.class).request());
        assertEquals(PAGES, pages.get());
        assertTrue(get(pagesBeforeTheAnswer) < PAGES, () -> "all " + PAGES + " pages were read before");
    }

    @Test
    void w5_aDeliveryIsAcknowledgedAfterASyncWhateverTheDurability() throws Exception {
        ClusterMap map = serve(3, 3, Durability.BUFFERED);
        Key key = keyWhere(map, true);
        Partition partition = map.partitionOf(key.token());
        store.holdSyncs();

        CompletableFuture<PeerReply> reply =
                executeForPeer(partition, new PeerRequest.Deliver(storeKey(partition, key), MILK));
        awaitSyncBegun();
        assertFalse(reply.isDone());
        store.allowSyncs();

        assertEquals(new PeerReply.Acknowledged(), get(reply));
    }

    /** Somebody took it for dead, and asks it in another owner's place: it is an owner, and keeps it as one. */
    @Test
    void anOwnerThatIsAskedToStandInKeepsNoHint() throws Exception {
        ClusterMap map = serve(3, 3, Durability.SYNC);
        Key key = keyWhere(map, true);
        Partition partition = map.partitionOf(key.token());

        get(executeForPeer(partition, new PeerRequest.StandIn(storeKey(partition, key), MILK, 1)));

        assertEquals(MILK, read(key));
        assertEquals(0, storageNode.hintBytes());
    }

    /** They are rows as all others, and are found by what is in them (rule H2). */
    @Test
    void hintsOfAnEarlierRunAreCountedBeforeTheFirstRequest() throws Exception {
        ClusterMap map = mapOf(4, 3, Durability.SYNC);
        Key key = keyWhere(map, false);
        StoreKey at = storeKey(map.partitionOf(key.token()), key);
        store.write(Map.of(at, new StoredRecord(MILK, null, HintedSlots.of(2))), Map.of());

        serve(map);

        assertTrue(storageNode.hintBytes() > 0);
    }
}
