package io.dynamokv.node.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.antientropy.ExchangeReply;
import io.dynamokv.core.antientropy.ExchangeRequest;
import io.dynamokv.core.antientropy.KeyRecord;
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
import io.dynamokv.core.merkle.LeafHash;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.reaping.ReapSettings;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.ring.Placement;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.LeafTables;
import io.dynamokv.core.store.RecordLimits;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.Tombstone;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.RequestDigest;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import io.dynamokv.node.port.Answer;
import io.dynamokv.node.port.RequestObserver;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoop;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StorageNodeTest {
    private static final int PARTITIONS = 8;
    private static final int UNDER_WAY_BYTES_MAX = 10_000;
    private static final int UNDER_WAY_REQUESTS_MAX = 100;
    private static final int HINT_BYTES_MAX = 10_000;
    private static final ReapSettings REAPING = new ReapSettings(16, 1, 50, 5000, 4, 1);
    private static final NodeId SELF = node(1);
    private static final BootId BOOT = new BootId(1, 1);

    private final DefaultEventLoopGroup loops = new DefaultEventLoopGroup(2);
    private final MemoryStore store = new MemoryStore();
    private final RecordedLinks links = new RecordedLinks();
    private final BlockingQueue<Throwable> broken = new LinkedBlockingQueue<>();
    private final BlockingQueue<RequestObserver.Result> observed = new LinkedBlockingQueue<>();
    private final LivenessTable liveness =
            new LivenessTable(new PeerMonitor.Settings(60_000, 120_000), peer -> {}, Clock.systemUTC());
    private final List<StorageNode.ShardPlace> places = IntStream.range(0, 2)
            .mapToObj(i -> new StorageNode.ShardPlace(loops.next(), links))
            .toList();
    private final StorageNode storageNode = new StorageNode(
            SELF,
            BOOT,
            store,
            RecordLimits.DEFAULT,
            liveness,
            new RuntimeSettings(
                    100, 5000, UNDER_WAY_BYTES_MAX, UNDER_WAY_REQUESTS_MAX, HINT_BYTES_MAX, 64 << 20, REAPING),
            (kind, result, nanos) -> observed.add(result),
            Clock.systemUTC(),
            places,
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
        return serve(mapOf(members, replicationFactor, durability));
    }

    private static ClusterMap mapOf(int members, int replicationFactor, Durability durability) {
        return Placement.firstMap(
                new ClusterId(new UUID(9, 9)),
                new ClusterMap.Settings(replicationFactor, 1, 1, durability),
                List.of(),
                IntStream.rangeClosed(1, members)
                        .mapToObj(i -> new Member(node(i), "node-" + i, Zone.DEFAULT))
                        .toList(),
                PARTITIONS);
    }

    private ClusterMap serve(ClusterMap map) {
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

    private static final VersionedRecord MILK = record("milk");

    private static VersionedRecord record(String value) {
        var content = put(new Key("carts", "k"), value).content();
        var dot = new TimedDot(new Dot(new WriterId(5), 1), HybridTime.ofMillis(1));
        return VersionedRecord.EMPTY.update(VersionVector.EMPTY, dot, content);
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

    private static StoreKey storeKey(Partition partition, Key key) {
        return new StoreKey(partition.number(), key);
    }

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

    @Test
    void t1_aTombstoneIsReapedWhenItIsProvedTwiceAndNothingIsLeftOfIt() throws Exception {
        ClusterMap map = serve(1, 1, Durability.SYNC);
        Key key = keyWhere(map, true);
        get(execute(put(key, "milk")));

        get(execute(new ClientRequest.Delete(key, new RequestId(1, 1), null, 1, 1)));

        await(store::isEmpty);
        await(() -> storageNode.reaped() == 1);
        assertEquals(VersionedRecord.EMPTY, read(key));
    }

    @Test
    void t1_oneMemberThatIsSilentKeepsTheTombstone() throws Exception {
        ClusterMap map = serve(2, 1, Durability.SYNC);
        Key key = keyWhere(map, true);
        get(execute(put(key, "milk")));
        get(execute(new ClientRequest.Delete(key, new RequestId(1, 1), null, 1, 1)));

        RecordedLinks.Sent first = links.sent.take();

        assertEquals(node(2), first.to());
        assertInstanceOf(PeerRequest.Prove.class, first.request());
        Partition partition = map.partitionOf(key.token());
        loopOf(partition).execute(() -> first.listener().lost(node(2), true));
        assertInstanceOf(PeerRequest.Prove.class, links.sent.take().request(), "asked again");
        assertFalse(store.isEmpty());
        assertEquals(0, storageNode.reaped());
    }

    /** An owner proves exactly this tombstone, any other member that it has nothing of the key; both after a sync. */
    @Test
    void t1_aMemberProvesWhatItHoldsAndNoMore() throws Exception {
        ClusterMap map = serve(4, 3, Durability.SYNC);
        Key own = keyWhere(map, true);
        Key others = keyWhere(map, false);
        Partition ofOwn = map.partitionOf(own.token());
        Partition ofOthers = map.partitionOf(others.token());
        VersionedRecord tombstone = MILK.discard(MILK.context(), 1);
        store.write(Map.of(storeKey(ofOwn, own), new StoredRecord(tombstone, null)), Map.of());

        assertEquals(new PeerReply.Proved(List.of(true)), prove(ofOwn, own, tombstone.vector()));
        assertEquals(new PeerReply.Proved(List.of(false)), prove(ofOwn, own, VersionVector.EMPTY));
        assertEquals(new PeerReply.Proved(List.of(true)), prove(ofOthers, others, tombstone.vector()));
        store.write(Map.of(storeKey(ofOthers, others), new StoredRecord(MILK, null, HintedSlots.of(1))), Map.of());
        assertEquals(new PeerReply.Proved(List.of(false)), prove(ofOthers, others, tombstone.vector()));
        assertTrue(store.syncs.get() >= 4);
    }

    private PeerReply prove(Partition partition, Key key, VersionVector vector) throws Exception {
        return get(executeForPeer(
                partition, new PeerRequest.Prove(partition.number(), List.of(new Tombstone(key, vector)))));
    }

    /** What else is sent, exchanges for one, is passed over. */
    private RecordedLinks.Sent nextOf(Class<? extends PeerRequest> kind) throws InterruptedException {
        RecordedLinks.Sent sent = links.sent.take();
        while (!kind.isInstance(sent.request())) {
            sent = links.sent.take();
        }
        return sent;
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

    private EventLoop loopOf(Partition partition) {
        return places.get(partition.number() % places.size()).loop();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
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
}
