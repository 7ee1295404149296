package io.dynamokv.node.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.antientropy.ExchangeReply;
import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.membership.PeerMonitor;
import io.dynamokv.core.reaping.ReapSettings;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.ring.Placement;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.RecordLimits;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
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
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoop;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Dynamo 6.5: hints, exchanges and reaping wait while clients keep a shard busy, but not for ever. What keeps it busy here are
 * small writes that wait for another node.
 */
@Timeout(30)
class ClientsFirstTest {
    private static final int REQUESTS = 60;
    /** So few that a busy shard asks once a second, for each question counts as 4 KiB. */
    private static final long EXCHANGE_BYTES_PER_SECOND = 64L << 10;

    private static final NodeId SELF = node(1);
    private static final NodeId OTHER = node(2);

    private final DefaultEventLoopGroup loops = new DefaultEventLoopGroup(1);
    private final EventLoop loop = loops.next();
    private final MemoryStore store = new MemoryStore();
    private final RecordedLinks links = new RecordedLinks();
    private final LivenessTable liveness =
            new LivenessTable(new PeerMonitor.Settings(60_000, 120_000), peer -> {}, Clock.systemUTC());
    private final StorageNode storageNode = new StorageNode(
            SELF,
            new BootId(1, 1),
            store,
            RecordLimits.DEFAULT,
            liveness,
            new RuntimeSettings(
                    100,
                    60_000,
                    32 << 20,
                    1024,
                    1 << 20,
                    EXCHANGE_BYTES_PER_SECOND,
                    new ReapSettings(1 << 16, 1, 1, 5000, 4, 1)),
            (kind, result, nanos) -> {},
            Clock.systemUTC(),
            List.of(new StorageNode.ShardPlace(loop, links)),
            failure -> {});
    private final List<CompletableFuture<Answer>> answers = new ArrayList<>();
    private final List<RecordedLinks.Sent> waiting = new ArrayList<>();

    @AfterEach
    void stop() {
        storageNode.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static NodeId node(long number) {
        return new NodeId(new UUID(0x4000, number));
    }

    /** Of nodes 1 and 2. */
    private static ClusterMap mapOf(int replicationFactor) {
        return Placement.firstMap(
                new ClusterId(new UUID(9, 9)),
                new ClusterMap.Settings(replicationFactor, 1, 1, Durability.SYNC),
                List.of(),
                List.of(new Member(SELF, "node-1", Zone.DEFAULT), new Member(OTHER, "node-2", Zone.DEFAULT)),
                8);
    }

    private static Partition partitionOf(ClusterMap map, NodeId owner) {
        return map.partitions().stream()
                .filter(partition -> partition.owners().contains(owner))
                .findFirst()
                .orElseThrow();
    }

    private static StoreKey keyIn(ClusterMap map, Partition partition, int skipped) {
        return IntStream.range(0, 100_000)
                .mapToObj(i -> new Key("carts", "key-" + i))
                .filter(key -> map.partitionOf(key.token()).equals(partition))
                .skip(skipped)
                .map(key -> new StoreKey(partition.number(), key))
                .findFirst()
                .orElseThrow();
    }

    private static Content content(String value) {
        byte[] bytes = value.getBytes(UTF_8);
        return new Content(
                RequestId.of(UUID.randomUUID().toString()),
                RequestDigest.of(bytes, "text/plain", VersionVector.EMPTY),
                "text/plain",
                bytes);
    }

    private static VersionedRecord milk() {
        var dot = new TimedDot(new Dot(new WriterId(5), 1), HybridTime.ofMillis(1));
        return VersionedRecord.EMPTY.update(VersionVector.EMPTY, dot, content("milk"));
    }

    private void serve(ClusterMap map) {
        liveness.watch(List.of(OTHER));
        storageNode.serve(map);
    }

    private CompletableFuture<Answer> execute(ClientRequest request) {
        var answer = new CompletableFuture<Answer>();
        storageNode.execute(request, 100, answer::complete);
        return answer;
    }

    /** Many small requests that wait for the other node: to be written there too, or to be executed by it alone. */
    private void keepBusy(ClusterMap map) throws InterruptedException {
        Partition others = partitionOf(map, OTHER);
        int all = others.owners().size();
        for (int i = 0; i < REQUESTS; i++) {
            Key key = keyIn(map, others, i).key();
            answers.add(execute(new ClientRequest.Put(key, VersionVector.EMPTY, content("v" + i), all)));
            waiting.add(links.sent.take());
        }
    }

    private void rest() {
        assertTrue(answers.stream().noneMatch(CompletableFuture::isDone));
        loop.execute(() -> waiting.forEach(sent -> sent.listener()
                .replied(
                        OTHER,
                        sent.request() instanceof PeerRequest.Execute
                                ? new PeerReply.Executed(new Outcome.Written(null))
                                : new PeerReply.Acknowledged())));
        answers.forEach(CompletableFuture::join);
    }

    /** What else is sent is passed over. */
    private RecordedLinks.Sent nextOf(Class<? extends PeerRequest> kind) throws InterruptedException {
        RecordedLinks.Sent sent = links.sent.take();
        while (!kind.isInstance(sent.request())) {
            sent = links.sent.take();
        }
        return sent;
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    /** H2: slower, and never not at all. */
    @Test
    void h2_hintsGoOnPageByPageWhileClientsKeepAShardBusy() throws Exception {
        ClusterMap map = mapOf(1);
        List<Partition> others = map.partitions().stream()
                .filter(partition -> partition.owners().contains(OTHER))
                .toList();
        var hint = new StoredRecord(milk(), null, HintedSlots.of(0));
        store.write(Map.of(keyIn(map, others.get(0), 0), hint, keyIn(map, others.get(1), 0), hint), Map.of());
        serve(map);
        keepBusy(map);
        liveness.heard(OTHER);

        RecordedLinks.Sent first = nextOf(PeerRequest.Deliver.class);
        long deliveredNanos = System.nanoTime();
        loop.execute(() -> first.listener().replied(OTHER, new PeerReply.Acknowledged()));
        RecordedLinks.Sent second = nextOf(PeerRequest.Deliver.class);

        assertTrue(System.nanoTime() - deliveredNanos > TimeUnit.MILLISECONDS.toNanos(300), "it waits for its turn");
        loop.execute(() -> second.listener().replied(OTHER, new PeerReply.Acknowledged()));
        await(() -> storageNode.hintsDelivered() == 2);
        rest();
    }

    @Test
    void exchangesGoOnSlowlyWhileClientsKeepAShardBusy() throws Exception {
        ClusterMap map = mapOf(2);
        serve(map);
        keepBusy(map);
        liveness.heard(OTHER);

        RecordedLinks.Sent first = nextOf(PeerRequest.Exchange.class);
        long askedNanos = System.nanoTime();
        loop.execute(() -> first.listener().replied(OTHER, new PeerReply.Exchanged(new ExchangeReply.Same())));
        nextOf(PeerRequest.Exchange.class);

        assertTrue(System.nanoTime() - askedNanos > TimeUnit.MILLISECONDS.toNanos(500), "it waits for its turn");
        rest();
    }

    /** T1 goes by proof and age, so that it may wait. */
    @Test
    void t1_noTombstoneIsLookedForWhileClientsKeepAShardBusy() throws Exception {
        ClusterMap map = mapOf(1);
        Key key = keyIn(map, partitionOf(map, SELF), 0).key();
        serve(map);
        execute(new ClientRequest.Put(key, VersionVector.EMPTY, content("milk"), 1))
                .join();
        keepBusy(map);

        execute(new ClientRequest.Delete(key, new RequestId(1, 1), null, 1, 1)).join();

        assertNull(links.sent.poll(2500, TimeUnit.MILLISECONDS), "nobody is asked for a proof");
        rest();
        nextOf(PeerRequest.Prove.class);
    }
}
