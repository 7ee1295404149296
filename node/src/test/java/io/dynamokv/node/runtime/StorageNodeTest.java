package io.dynamokv.node.runtime;

import static io.dynamokv.node.runtime.NodeOnOneLoop.MILK;
import static io.dynamokv.node.runtime.NodeOnOneLoop.PARTITIONS;
import static io.dynamokv.node.runtime.NodeOnOneLoop.SELF;
import static io.dynamokv.node.runtime.NodeOnOneLoop.get;
import static io.dynamokv.node.runtime.NodeOnOneLoop.keyWhere;
import static io.dynamokv.node.runtime.NodeOnOneLoop.node;
import static io.dynamokv.node.runtime.NodeOnOneLoop.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.antientropy.ExchangeRequest;
import io.dynamokv.core.antientropy.KeyRecord;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.node.port.Answer;
import io.dynamokv.node.port.RequestObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Requests of clients and peers at one node, and what it does when its disk, its peers or its memory are not as they should be. */
class StorageNodeTest extends OneStorageNode {
    @Test
    void w5_syncAcknowledgesOnlyAfterTheSync() throws Exception {
        ClusterMap map = serve(1, 1, Durability.SYNC);
        store.holdSyncs();

        CompletableFuture<Answer> answer = execute(put(keyWhere(map, true), "milk"));
        awaitSyncBegun();
        assertEquals(1, read(keyWhere(map, true)).siblings().size(), "written, and reads go on");
        assertFalse(answer.isDone());
        store.allowSyncs();

        assertInstanceOf(Outcome.Written.class, outcome(get(answer)));
    }

    @Test
    void w5_bufferedAcknowledgesWithoutASync() throws Exception {
        ClusterMap map = serve(1, 1, Durability.BUFFERED);
        store.holdSyncs();

        assertInstanceOf(Outcome.Written.class, outcome(get(execute(put(keyWhere(map, true), "milk")))));
        assertEquals(0, store.syncs.get());
    }

    @Test
    void w5_aReplicaAcknowledgesOnlyAfterTheSync() throws Exception {
        ClusterMap map = serve(3, 3, Durability.SYNC);
        Key key = keyWhere(map, true);
        Partition partition = map.partitionOf(key.token());
        store.holdSyncs();

        CompletableFuture<PeerReply> reply = executeForPeer(
                partition, new PeerRequest.Replicate(new StoreKey(partition.number(), key), VersionedRecord.EMPTY));
        awaitSyncBegun();
        assertFalse(reply.isDone());
        store.allowSyncs();

        assertEquals(new PeerReply.Acknowledged(), get(reply));
    }

    /** W2: the second one sees what the first one wrote, though both come in one batch. */
    @Test
    void w2_writesOfOneBatchSeeEachOther() throws Exception {
        ClusterMap map = serve(1, 1, Durability.BUFFERED);
        Key key = keyWhere(map, true);
        var answers = new ArrayList<CompletableFuture<Answer>>();
        for (int i = 0; i < 50; i++) {
            answers.add(execute(put(key, "value " + i)));
        }
        for (CompletableFuture<Answer> answer : answers) {
            assertInstanceOf(Outcome.Written.class, outcome(get(answer)));
        }

        assertEquals(50, read(key).siblings().size());
    }

    @Test
    void writesOfManyClientsShareTheirSyncs() throws Exception {
        ClusterMap map = serve(1, 1, Durability.SYNC);
        store.holdSyncs();
        var answers = new ArrayList<CompletableFuture<Answer>>();
        answers.add(execute(put(keyWhere(map, true), "first")));
        awaitSyncBegun();
        for (int i = 0; i < 80; i++) {
            answers.add(execute(put(new Key("carts", "k" + i), "v")));
        }
        while (store.writes.get() < 2) {
            Thread.onSpinWait();
        }
        store.allowSyncs();
        for (CompletableFuture<Answer> answer : answers) {
            assertInstanceOf(Outcome.Written.class, outcome(get(answer)));
        }

        assertTrue(store.syncs.get() < 40, () -> store.syncs + " syncs for 81 writes");
    }

    @Test
    void aBrokenStoreIsToldAndTheOutcomeIsUnknown() throws Exception {
        ClusterMap map = serve(1, 1, Durability.SYNC);
        store.breakDown();

        Outcome outcome = outcome(get(execute(put(keyWhere(map, true), "milk"))));

        assertInstanceOf(Outcome.Unknown.class, outcome);
        assertEquals("the disk is gone", broken.take().getMessage());
        assertEquals(RequestObserver.Result.UNKNOWN, observed.take());
    }

    @Test
    void w5_whatCouldNotBeSyncedIsNeverAcknowledged() throws Exception {
        ClusterMap map = serve(1, 1, Durability.SYNC);
        store.breakSyncs();

        CompletableFuture<Answer> answer = execute(put(keyWhere(map, true), "milk"));

        assertEquals("the disk is gone", broken.take().getMessage());
        assertFalse(answer.isDone() && outcome(get(answer)) instanceof Outcome.Written);
    }

    @Test
    void whatIsTooMuchAtOnceIsShedAndNothingIsStored() throws Exception {
        ClusterMap map = serve(1, 1, Durability.SYNC);
        Key key = keyWhere(map, true);
        store.holdSyncs();
        CompletableFuture<Answer> underWay = execute(put(key, "milk"), UNDER_WAY_BYTES_MAX);

        assertEquals(new Answer.Overloaded(), get(execute(put(key, "bread"), 1)));
        assertEquals(RequestObserver.Result.OVERLOADED, observed.take());
        store.allowSyncs();
        assertInstanceOf(Outcome.Written.class, outcome(get(underWay)));

        assertInstanceOf(Outcome.Written.class, outcome(get(execute(put(key, "eggs"), UNDER_WAY_BYTES_MAX))));
        assertEquals(2, read(key).siblings().size());
        assertEquals(0, storageNode.underWayBytes());
    }

    @Test
    void moreRequestsThanMayBeUnderWayAreShedHoweverSmallTheyAre() throws Exception {
        ClusterMap map = serve(1, 1, Durability.SYNC);
        Key key = keyWhere(map, true);
        store.holdSyncs();
        var underWay = new ArrayList<CompletableFuture<Answer>>();
        for (int i = 0; i < UNDER_WAY_REQUESTS_MAX; i++) {
            underWay.add(execute(put(key, "milk"), 1));
        }

        assertEquals(new Answer.Overloaded(), get(execute(put(key, "bread"), 1)));
        store.allowSyncs();
        for (CompletableFuture<Answer> one : underWay) {
            assertInstanceOf(Answer.Done.class, get(one));
        }
        assertInstanceOf(Answer.Done.class, get(execute(put(key, "eggs"), 1)));
    }

    @Test
    void w6_aNearlyFullDiskRefusesPutsAndNothingElse() throws Exception {
        ClusterMap map = serve(1, 1, Durability.SYNC);
        Key key = keyWhere(map, true);
        Partition partition = map.partitionOf(key.token());
        storageNode.diskNearlyFull(true);

        assertEquals(new Answer.DiskNearlyFull(), get(execute(put(key, "milk"))));
        assertTrue(store.isEmpty());
        assertEquals(VersionedRecord.EMPTY, read(key));
        assertInstanceOf(
                Outcome.Written.class,
                outcome(get(execute(new ClientRequest.Delete(key, new RequestId(1, 1), null, 1, 1)))));
        assertEquals(
                new PeerReply.Acknowledged(),
                get(executeForPeer(
                        partition,
                        new PeerRequest.Replicate(new StoreKey(partition.number(), key), VersionedRecord.EMPTY))));
        storageNode.diskNearlyFull(false);
        assertInstanceOf(Outcome.Written.class, outcome(get(execute(put(key, "milk")))));
    }

    /** What another node has acknowledged, or wants to, is taken up to the last block: else each full disk would cost a vote more. */
    @Test
    void w6_aNearlyFullDiskTakesAllRecordsThatPeersBring() throws Exception {
        ClusterMap map = serve(4, 3, Durability.SYNC);
        Key others = keyWhere(map, false);
        Partition ofOwn = map.partitionOf(keyWhere(map, true).token());
        Partition ofOthers = map.partitionOf(others.token());
        List<Key> own = IntStream.range(0, 10_000)
                .mapToObj(i -> new Key("carts", "key-" + i))
                .filter(key -> map.partitionOf(key.token()).equals(ofOwn))
                .limit(3)
                .toList();
        VersionedRecord eggs = record("eggs");
        storageNode.diskNearlyFull(true);

        assertEquals(
                new PeerReply.Acknowledged(),
                get(executeForPeer(ofOthers, new PeerRequest.StandIn(storeKey(ofOthers, others), MILK, 1))));
        assertEquals(MILK, fetched(ofOthers, others));

        assertTaken(ofOwn, own.get(0), new PeerRequest.Replicate(storeKey(ofOwn, own.get(0)), MILK), MILK);
        assertTaken(ofOwn, own.get(1), new PeerRequest.Deliver(storeKey(ofOwn, own.get(1)), eggs), eggs);
        var join = new ExchangeRequest.Join(List.of(new KeyRecord(own.get(2), MILK)));
        assertTaken(ofOwn, own.get(2), new PeerRequest.Exchange(ofOwn.number(), join), MILK);
    }

    private void assertTaken(Partition partition, Key key, PeerRequest request, VersionedRecord record)
            throws Exception {
        assertFalse(get(executeForPeer(partition, request)) instanceof PeerReply.Declined, request::toString);
        assertEquals(record, fetched(partition, key), request::toString);
    }

    private VersionedRecord fetched(Partition partition, Key key) throws Exception {
        PeerReply reply = get(executeForPeer(partition, new PeerRequest.Fetch(storeKey(partition, key))));
        return assertInstanceOf(PeerReply.Fetched.class, reply).record();
    }

    /** Forwarded requests once went past the bounds of the node that executes them. */
    @Test
    void w6_aNearlyFullDiskDeclinesForwardedPutsToo() throws Exception {
        ClusterMap map = serve(1, 1, Durability.SYNC);
        Key key = keyWhere(map, true);
        Partition partition = map.partitionOf(key.token());
        storageNode.diskNearlyFull(true);

        PeerReply reply = get(executeForPeer(partition, new PeerRequest.Execute(put(key, "milk"))));

        assertInstanceOf(PeerReply.Declined.class, reply);
        assertTrue(store.isEmpty());
    }

    @Test
    void forwardedRequestsCountAsUnderWay() throws Exception {
        ClusterMap map = serve(1, 1, Durability.SYNC);
        Key key = keyWhere(map, true);
        Partition partition = map.partitionOf(key.token());
        store.holdSyncs();
        CompletableFuture<Answer> underWay = execute(put(key, "milk"), UNDER_WAY_BYTES_MAX);

        assertInstanceOf(
                PeerReply.Declined.class, get(executeForPeer(partition, new PeerRequest.Execute(put(key, "bread")))));
        assertEquals(1, storageNode.forwardedRefused());
        store.allowSyncs();
        assertInstanceOf(Outcome.Written.class, outcome(get(underWay)));
        assertEquals(0, storageNode.underWayBytes());
    }

    @Test
    void withoutAMapNothingIsServed() throws Exception {
        var key = new Key("carts", "k");

        assertEquals(new Answer.NotServing(), get(execute(put(key, "milk"))));
        assertInstanceOf(
                PeerReply.Declined.class,
                get(executeForPeer(0, Epoch.FIRST, new PeerRequest.Fetch(new StoreKey(0, key)))));
    }

    @Test
    void m6_anotherEpochOfThePartitionIsDeclined() throws Exception {
        ClusterMap map = serve(3, 3, Durability.SYNC);
        Key key = keyWhere(map, true);
        int number = map.partitionOf(key.token()).number();
        var fetch = new PeerRequest.Fetch(new StoreKey(number, key));

        assertInstanceOf(PeerReply.Fetched.class, get(executeForPeer(number, Epoch.FIRST, fetch)));
        PeerReply reply = get(executeForPeer(number, new Epoch(2), fetch));

        assertTrue(assertInstanceOf(PeerReply.Declined.class, reply).why().contains("changed at epoch 1 here and 2"));
    }

    @Test
    void whatDoesNotFitTheMapIsDeclinedAndNotStored() throws Exception {
        ClusterMap map = serve(4, 3, Durability.SYNC);
        Key own = keyWhere(map, true);
        Partition ofOwn = map.partitionOf(own.token());
        Key others = keyWhere(map, false);
        Partition ofOthers = map.partitionOf(others.token());
        Partition wrong = map.partitions().stream()
                .filter(partition -> partition.owners().contains(SELF) && !partition.equals(ofOwn))
                .findFirst()
                .orElseThrow();
        Key unnamed = IntStream.range(0, 10_000)
                .mapToObj(i -> new Key("No Bucket", "key-" + i))
                .filter(key -> map.partitionOf(key.token()).equals(ofOwn))
                .findFirst()
                .orElseThrow();

        assertInstanceOf(
                PeerReply.Declined.class,
                get(executeForPeer(ofOthers, new PeerRequest.Replicate(storeKey(ofOthers, others), MILK))));
        assertInstanceOf(
                PeerReply.Declined.class,
                get(executeForPeer(ofOthers, new PeerRequest.Deliver(storeKey(ofOthers, others), MILK))));
        assertInstanceOf(
                PeerReply.Declined.class,
                get(executeForPeer(ofOthers, new PeerRequest.StandIn(storeKey(ofOthers, others), MILK, 3))));
        assertDeclined(wrong, own, "no request for");
        assertDeclined(ofOwn, unnamed, "no request for");
        assertInstanceOf(
                PeerReply.Declined.class,
                get(executeForPeer(PARTITIONS, Epoch.FIRST, new PeerRequest.Fetch(new StoreKey(PARTITIONS, own)))));
        assertTrue(store.isEmpty());
        assertTrue(links.sent.isEmpty());
    }

    @Test
    void w1_anOwnerExecutesWhatWasForwardedAndDoesNotForwardIt() throws Exception {
        ClusterMap map = serve(4, 3, Durability.SYNC);
        Key key = keyWhere(map, true);

        PeerReply reply = get(executeForPeer(map.partitionOf(key.token()), new PeerRequest.Execute(put(key, "milk"))));

        assertInstanceOf(
                Outcome.Written.class,
                assertInstanceOf(PeerReply.Executed.class, reply).outcome());
        assertTrue(links.sent.stream().allMatch(sent -> sent.request() instanceof PeerRequest.Replicate));
        assertEquals(2, links.sent.size());
    }

    @Test
    void w1_whatAnotherNodeOwnsIsForwardedOnceWithThePartitionsEpoch() throws Exception {
        ClusterMap map = serve(4, 3, Durability.SYNC);
        Key key = keyWhere(map, false);
        ClientRequest.Put request = put(key, "milk");

        CompletableFuture<Answer> answer = execute(request);
        RecordedLinks.Sent sent = links.sent.take();
        assertEquals(new PeerRequest.Execute(request), sent.request());
        assertEquals(map.partitionOf(key.token()).number(), sent.partition());
        assertEquals(Epoch.FIRST, sent.lastChanged());
        assertTrue(map.partitionOf(key.token()).owners().contains(sent.to()));
        sent.listener().replied(sent.to(), new PeerReply.Executed(new Outcome.Written(VersionVector.EMPTY)));

        assertEquals(new Outcome.Written(VersionVector.EMPTY), outcome(get(answer)));
        assertTrue(store.isEmpty());
    }

    @Test
    void theNextOwnerTakesOverWhenOneDoesNotAnswerWithinTheHedgeDelay() throws Exception {
        ClusterMap map = serve(4, 3, Durability.SYNC);

        var _ = execute(put(keyWhere(map, false), "milk"));
        RecordedLinks.Sent first = links.sent.take();
        RecordedLinks.Sent second = links.sent.take();

        assertEquals(first.request(), second.request());
        assertFalse(first.to().equals(second.to()));
        await(() -> storageNode.takeovers() == 1);
    }

    @Test
    void aReplicaThatHeldLessIsRepairedAfterTheReadAndCounted() throws Exception {
        ClusterMap map = serve(3, 3, Durability.SYNC);
        Key key = keyWhere(map, true);
        Partition partition = map.partitionOf(key.token());
        get(executeForPeer(partition, new PeerRequest.Replicate(storeKey(partition, key), MILK)));

        CompletableFuture<Answer> read = execute(new ClientRequest.Get(key, 2));
        RecordedLinks.Sent asked = links.sent.take();
        asked.listener().replied(asked.to(), new PeerReply.Fetched(VersionedRecord.EMPTY));

        assertEquals(new Outcome.Found(MILK), outcome(get(read)));
        RecordedLinks.Sent repair = links.sent.take();
        assertEquals(asked.to(), repair.to());
        assertEquals(new PeerRequest.Replicate(storeKey(partition, key), MILK), repair.request());
        await(() -> storageNode.readRepairs() == 1);
    }

    @Test
    void peersThatAreDownAreNotAskedAndTheVotesAreNamed() throws Exception {
        ClusterMap map = serve(3, 3, Durability.SYNC);
        Key key = keyWhere(map, true);
        liveness.refused(node(2));
        liveness.refused(node(3));

        Answer read = get(execute(new ClientRequest.Get(key, 2)));

        assertEquals(new Outcome.Refused(2, 1), outcome(read));
        assertTrue(links.sent.isEmpty());
    }

    @Test
    void afterTheCloseTheStoreIsNotUsed() throws Exception {
        ClusterMap map = serve(1, 1, Durability.BUFFERED);
        get(execute(put(keyWhere(map, true), "milk")));
        storageNode.close();
        int writes = store.writes.get();

        assertEquals(new Answer.NotServing(), get(execute(put(keyWhere(map, true), "bread"))));
        assertEquals(writes, store.writes.get());
    }

    @Test
    void everyRequestIsObservedOnceWhenItEnds() throws Exception {
        ClusterMap map = serve(1, 1, Durability.SYNC);
        for (int i = 0; i < 20; i++) {
            get(execute(put(keyWhere(map, true), "v" + i)));
        }

        assertEquals(
                20,
                observed.stream().filter(RequestObserver.Result.DONE::equals).count());
        assertEquals(20, observed.size());
    }

    /** Whatever is asked, and nothing of it is sent on (W1). */
    private void assertDeclined(Partition partition, Key key, String why) throws Exception {
        var storeKey = new StoreKey(partition.number(), key);
        for (PeerRequest request : List.of(
                new PeerRequest.Fetch(storeKey),
                new PeerRequest.Replicate(storeKey, VersionedRecord.EMPTY),
                new PeerRequest.Deliver(storeKey, VersionedRecord.EMPTY),
                new PeerRequest.StandIn(storeKey, VersionedRecord.EMPTY, 0),
                new PeerRequest.Execute(put(key, "v")),
                new PeerRequest.Execute(new ClientRequest.Get(key, 1)))) {
            var declined = assertInstanceOf(
                    PeerReply.Declined.class, get(executeForPeer(partition, request)), request::toString);
            assertTrue(declined.why().contains(why), declined::why);
        }
    }
}
