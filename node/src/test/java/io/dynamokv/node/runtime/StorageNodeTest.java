package io.dynamokv.node.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.membership.PeerMonitor;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.ring.Placement;
import io.dynamokv.core.store.RecordLimits;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.RequestDigest;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.node.port.Answer;
import io.dynamokv.node.port.RequestObserver;
import io.netty.channel.DefaultEventLoopGroup;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StorageNodeTest {
    private static final int PARTITIONS = 8;
    private static final int UNDER_WAY_BYTES_MAX = 10_000;
    private static final NodeId SELF = node(1);

    private final DefaultEventLoopGroup loops = new DefaultEventLoopGroup(2);
    private final MemoryStore store = new MemoryStore();
    private final RecordedLinks links = new RecordedLinks();
    private final BlockingQueue<Throwable> broken = new LinkedBlockingQueue<>();
    private final BlockingQueue<RequestObserver.Result> observed = new LinkedBlockingQueue<>();
    private final LivenessTable liveness =
            new LivenessTable(new PeerMonitor.Settings(60_000, 120_000), peer -> {}, Clock.systemUTC());
    private final StorageNode storageNode = new StorageNode(
            SELF,
            new BootId(1, 1),
            store,
            RecordLimits.DEFAULT,
            liveness,
            new RuntimeSettings(100, 5000, UNDER_WAY_BYTES_MAX),
            (kind, result, nanos) -> observed.add(result),
            Clock.systemUTC(),
            IntStream.range(0, 2)
                    .mapToObj(i -> new StorageNode.ShardPlace(loops.next(), links))
                    .toList(),
            broken::add);

    @AfterEach
    void stop() {
        store.allowSyncs();
        storageNode.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static NodeId node(long number) {
        return new NodeId(new UUID(0x4000, number));
    }

    /** Of nodes 1, 2 and so on, the first of which is the one that is tested. */
    private ClusterMap serve(int members, int replicationFactor, Durability durability) {
        ClusterMap map = Placement.firstMap(
                new ClusterId(new UUID(9, 9)),
                new ClusterMap.Settings(replicationFactor, 1, 1, durability),
                List.of(),
                IntStream.rangeClosed(1, members)
                        .mapToObj(i -> new Member(node(i), "node-" + i, Zone.DEFAULT))
                        .toList(),
                PARTITIONS);
        map.members().forEach(member -> liveness.watch(List.of(member.id())));
        storageNode.serve(map);
        return map;
    }

    private static Key keyWhere(ClusterMap map, boolean selfIsOwner) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> new Key("carts", "key-" + i))
                .filter(key -> map.partitionOf(key.token()).owners().contains(SELF) == selfIsOwner)
                .findFirst()
                .orElseThrow();
    }

    private static ClientRequest.Put put(Key key, String value) {
        byte[] bytes = value.getBytes(UTF_8);
        var content = new Content(
                RequestId.of(UUID.randomUUID().toString()),
                RequestDigest.of(bytes, "text/plain", VersionVector.EMPTY),
                "text/plain",
                bytes);
        return new ClientRequest.Put(key, VersionVector.EMPTY, content, 1);
    }

    private CompletableFuture<Answer> execute(ClientRequest request) {
        return execute(request, 100);
    }

    private CompletableFuture<Answer> execute(ClientRequest request, int bytes) {
        var answer = new CompletableFuture<Answer>();
        storageNode.execute(request, bytes, answer::complete);
        return answer;
    }

    private CompletableFuture<PeerReply> executeForPeer(Partition partition, PeerRequest request) {
        return executeForPeer(partition.number(), partition.lastChanged(), request);
    }

    private CompletableFuture<PeerReply> executeForPeer(int partition, Epoch lastChanged, PeerRequest request) {
        var reply = new CompletableFuture<PeerReply>();
        storageNode.execute(node(2), partition, lastChanged, request, reply::complete);
        return reply;
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private static Outcome outcome(Answer answer) {
        return assertInstanceOf(Answer.Done.class, answer).outcome();
    }

    private void awaitSyncBegun() {
        while (store.syncs.get() == 0) {
            Thread.onSpinWait();
        }
    }

    private VersionedRecord read(Key key) throws Exception {
        return assertInstanceOf(Outcome.Found.class, outcome(get(execute(new ClientRequest.Get(key, 1)))))
                .record();
    }

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

        assertDeclined(ofOthers, others, "not owned here");
        assertDeclined(wrong, own, "no request for");
        assertDeclined(ofOwn, unnamed, "no request for");
        assertInstanceOf(
                PeerReply.Declined.class,
                get(executeForPeer(PARTITIONS, Epoch.FIRST, new PeerRequest.Fetch(new StoreKey(PARTITIONS, own)))));
        assertTrue(store.isEmpty());
        assertTrue(links.sent.isEmpty());
    }

    /** Whatever is asked, and nothing of it is sent on (W1). */
    private void assertDeclined(Partition partition, Key key, String why) throws Exception {
        var storeKey = new StoreKey(partition.number(), key);
        for (PeerRequest request : List.of(
                new PeerRequest.Fetch(storeKey),
                new PeerRequest.Replicate(storeKey, VersionedRecord.EMPTY),
                new PeerRequest.Execute(put(key, "v")),
                new PeerRequest.Execute(new ClientRequest.Get(key, 1)))) {
            var declined = assertInstanceOf(
                    PeerReply.Declined.class, get(executeForPeer(partition, request)), request::toString);
            assertTrue(declined.why().contains(why), declined::why);
        }
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
}
