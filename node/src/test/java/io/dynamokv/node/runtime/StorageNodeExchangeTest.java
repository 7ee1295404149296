package io.dynamokv.node.runtime;

import static io.dynamokv.node.runtime.NodeOnOneLoop.BOOT;
import static io.dynamokv.node.runtime.NodeOnOneLoop.MILK;
import static io.dynamokv.node.runtime.NodeOnOneLoop.SELF;
import static io.dynamokv.node.runtime.NodeOnOneLoop.get;
import static io.dynamokv.node.runtime.NodeOnOneLoop.keyWhere;
import static io.dynamokv.node.runtime.NodeOnOneLoop.node;
import static io.dynamokv.node.runtime.NodeOnOneLoop.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.antientropy.ExchangeReply;
import io.dynamokv.core.antientropy.ExchangeRequest;
import io.dynamokv.core.antientropy.KeyRecord;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.merkle.LeafHash;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.store.LeafTables;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.node.port.Answer;
import io.dynamokv.node.port.PeerLinks;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Trees, and exchanges of what differs, as a node's shards run them (Dynamo 4.7). */
class StorageNodeExchangeTest extends OneStorageNode {
    /** Dynamo 4.7. Of a partition that others own there is none. */
    @Test
    void treesOfOwnedPartitionsChangeWithTheirRows() throws Exception {
        ClusterMap map = serve(3, 2, Durability.BUFFERED);
        for (int i = 0; i < 50; i++) {
            var key = new Key("carts", "k" + i);
            if (map.partitionOf(key.token()).owners().contains(SELF)) {
                get(execute(put(key, "milk")));
                get(execute(put(key, "eggs")));
            }
        }
        var fromRows = new LeafTables(store);
        for (Partition partition : map.partitions()) {
            Optional<LeafTable> expected = partition.owners().contains(SELF)
                    ? Optional.of(fromRows.fromRows(Span.ofPartition(partition.number())))
                    : Optional.empty();
            assertEquals(expected, store.leaves(partition.number()));
        }
        assertTrue(store.writes.get() > 20);
    }

    @Test
    void aLeafThatIsNotThatOfItsRowsIsMendedWhenItIsInTheSampleOfAStart() {
        int partition = 5;
        int sampled = (int) BOOT.number() + partition;
        var wrong = new LeafTable();
        wrong.set(sampled, 42);
        store.replaceLeaves(partition, wrong);

        serve(1, 1, Durability.BUFFERED);

        while (!store.leaves(partition).equals(Optional.of(new LeafTable()))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aPartitionIsComparedWithItsOtherOwnersAfterAStart() throws Exception {
        ClusterMap map = serve(3, 3, Durability.SYNC);
        Key key = keyWhere(map, true);
        Partition partition = map.partitionOf(key.token());
        liveness.heard(node(2));

        RecordedLinks.Sent sent = nextOf(PeerRequest.Exchange.class);

        assertEquals(node(2), sent.to());
        long rootOfNothing = new LeafTable().root();
        assertEquals(
                new PeerRequest.Exchange(sent.partition(), new ExchangeRequest.Compare(rootOfNothing)), sent.request());
        assertTrue(storageNode.exchanges().owed() > 0);
        assertEquals(
                new PeerReply.Exchanged(new ExchangeReply.Same()),
                get(executeForPeer(
                        partition,
                        new PeerRequest.Exchange(partition.number(), new ExchangeRequest.Compare(rootOfNothing)))));
    }

    /** A link broke, and the peer counts as alive for a while: were the next pair begun at once, all of them would fail and wait. */
    @Test
    void anExchangeThatFailedIsNotFollowedByTheNextAtOnce() throws Exception {
        ClusterMap map = serve(3, 3, Durability.SYNC);
        liveness.heard(node(2));
        RecordedLinks.Sent first = nextOf(PeerRequest.Exchange.class);
        EventLoop loop = loopOf(map.partitions().get(first.partition()));
        long lostNanos = System.nanoTime();

        loop.execute(() -> first.listener().lost(node(2), true));
        int others = 0;
        while (others < 3) {
            RecordedLinks.Sent next = nextOf(PeerRequest.Exchange.class);
            if (loopOf(map.partitions().get(next.partition())).equals(loop)) {
                loop.execute(() -> next.listener().lost(node(2), true));
                others++;
            }
        }

        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lostNanos);
        assertTrue(millis >= 490, () -> "two ticks are between, not " + millis + " ms");
    }

    /** It was away for less than the time between two looks at who is there. What it missed meanwhile nobody else may know. */
    @Test
    void whoWasDownIsComparedWhenItIsBackHoweverShortThatWas() throws Exception {
        serve(3, 3, Durability.SYNC);
        liveness.heard(node(2));
        answerAllExchanges();

        liveness.refused(node(2));
        liveness.heard(node(2));

        assertEquals(node(2), nextOf(PeerRequest.Exchange.class).to());
    }

    /** Its client has been answered, and nobody else would send it again. */
    @Test
    void whoMayHaveMissedAWriteForItsLinkBrokeIsComparedSoon() throws Exception {
        assertComparedAfterAWriteThat(listener -> listener.lost(node(2), true));
    }

    /** Nobody stands in for one that is alive and knows another map yet, and nobody sends it again. */
    @Test
    void whoDeclinedAWriteIsComparedSoon() throws Exception {
        assertComparedAfterAWriteThat(listener -> listener.replied(node(2), new PeerReply.Declined("another epoch")));
    }

    private void assertComparedAfterAWriteThat(Consumer<PeerLinks.Listener> ends) throws Exception {
        ClusterMap map = serve(3, 3, Durability.SYNC);
        liveness.heard(node(2));
        answerAllExchanges();
        Key key = keyWhere(map, true);
        Partition partition = map.partitionOf(key.token());
        get(execute(put(key, "milk")));
        RecordedLinks.Sent write = nextOf(PeerRequest.Replicate.class);

        loopOf(partition).execute(() -> ends.accept(write.listener()));

        assertEquals(partition.number(), nextOf(PeerRequest.Exchange.class).partition());
    }

    /** Or an owner that has too much to do would be compared for each delete that asks it what there is. */
    @Test
    void whoDeclinedToBeReadByADeleteMissedNothing() throws Exception {
        ClusterMap map = serve(3, 3, Durability.SYNC);
        liveness.heard(node(2));
        answerAllExchanges();
        await(() -> storageNode.exchanges().owed() == NodeOnOneLoop.PARTITIONS);
        Key key = keyWhere(map, true);
        EventLoop loop = loopOf(map.partitionOf(key.token()));
        var _ = execute(new ClientRequest.Delete(key, new RequestId(1, 1), null, 2, 1));
        RecordedLinks.Sent read = nextOf(PeerRequest.Fetch.class);

        loop.submit(() -> read.listener().replied(node(2), new PeerReply.Declined("it has waited for too long")))
                .sync();

        assertEquals(NodeOnOneLoop.PARTITIONS, storageNode.exchanges().owed(), "those with node 3");
    }

    /** Its repair is stored when the get is done, as a write is that comes too late: with every read that found a replica behind, all pairs of the partition were owed. */
    @Test
    void aReadThatRepairsItsCoordinatorOwesNothing() throws Exception {
        ClusterMap map = serve(3, 3, Durability.SYNC);
        liveness.heard(node(2));
        answerAllExchanges();
        await(() -> storageNode.exchanges().owed() == NodeOnOneLoop.PARTITIONS);
        Key key = keyWhere(map, true);
        CompletableFuture<Answer> found = execute(new ClientRequest.Get(key, 2));
        RecordedLinks.Sent read = nextOf(PeerRequest.Fetch.class);

        loopOf(map.partitionOf(key.token()))
                .submit(() -> read.listener().replied(node(2), new PeerReply.Fetched(MILK)))
                .sync();

        get(found);
        assertEquals(MILK, read(key));
        assertEquals(NodeOnOneLoop.PARTITIONS, storageNode.exchanges().owed(), "those with node 3");
    }

    /** Those with node 2; node 3 is away. */
    private void answerAllExchanges() throws InterruptedException {
        for (int i = 0; i < NodeOnOneLoop.PARTITIONS; i++) {
            RecordedLinks.Sent sent = nextOf(PeerRequest.Exchange.class);
            assertEquals(node(2), sent.to());
            EventLoop loop = loopOf(storageNode.map().orElseThrow().partitions().get(sent.partition()));
            loop.execute(() -> sent.listener().replied(node(2), new PeerReply.Exchanged(new ExchangeReply.Same())));
        }
    }

    /** Rules D3 and V2: joined, and answered when it is on disk. */
    @Test
    void v2_whatAnExchangeBringsIsJoinedAndAnsweredAfterASync() throws Exception {
        ClusterMap map = serve(3, 3, Durability.BUFFERED);
        Key key = keyWhere(map, true);
        Partition partition = map.partitionOf(key.token());
        store.holdSyncs();

        CompletableFuture<PeerReply> reply = executeForPeer(
                partition,
                new PeerRequest.Exchange(
                        partition.number(), new ExchangeRequest.Join(List.of(new KeyRecord(key, MILK)))));
        awaitSyncBegun();
        assertFalse(reply.isDone());
        store.allowSyncs();

        assertEquals(new PeerReply.Exchanged(new ExchangeReply.Joined(List.of(LeafHash.of(key, MILK)))), get(reply));
        assertEquals(MILK, read(key));
    }

    @Test
    void whatAnExchangeBringsToTheWrongPartitionIsDeclined() throws Exception {
        ClusterMap map = serve(4, 3, Durability.SYNC);
        Key others = keyWhere(map, false);
        Partition own = map.partitionOf(keyWhere(map, true).token());
        var join = new ExchangeRequest.Join(List.of(new KeyRecord(others, MILK)));

        assertInstanceOf(
                PeerReply.Declined.class, get(executeForPeer(own, new PeerRequest.Exchange(own.number(), join))));
        assertInstanceOf(
                PeerReply.Declined.class,
                get(executeForPeer(
                        map.partitionOf(others.token()),
                        new PeerRequest.Exchange(map.partitionOf(others.token()).number(), join))));
        assertTrue(store.isEmpty());
    }
}
