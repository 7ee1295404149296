package io.dynamokv.node.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import io.dynamokv.core.coordinator.ClientRequest;
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
import io.dynamokv.core.store.RecordLimits;
import io.dynamokv.core.store.StoreKey;
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
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Node 1 of some, with one shard; its store is in memory, and its links to the others are played by a test. */
final class NodeOnOneLoop implements AutoCloseable {
    static final NodeId SELF = node(1);
    static final BootId BOOT = new BootId(1, 1);
    static final int PARTITIONS = 8;
    private static final int HEDGE_MILLIS = 10;
    /** Longer than any machine stands still: what has waited for so long is declined. */
    private static final int REQUEST_MILLIS = 5000;

    static final VersionedRecord MILK = VersionedRecord.EMPTY.update(
            VersionVector.EMPTY,
            new TimedDot(new Dot(new WriterId(5), 1), HybridTime.ofMillis(1)),
            put(new Key("carts", "k"), "milk").content());

    final MemoryStore store = new MemoryStore();
    final RecordedLinks links = new RecordedLinks();
    final LivenessTable liveness =
            new LivenessTable(new PeerMonitor.Settings(60_000, 120_000), peer -> {}, Clock.systemUTC());
    final StorageNode storageNode;
    private final DefaultEventLoopGroup loops = new DefaultEventLoopGroup(1);
    final EventLoop loop = loops.next();
    final ClusterMap map;

    private NodeOnOneLoop(ClusterMap map, int requestMillis) {
        this.map = map;
        var settings = new RuntimeSettings(
                HEDGE_MILLIS, requestMillis, 32 << 20, 1024, 1 << 20, 64 << 20, ReapSettings.DEFAULT);
        storageNode = new StorageNode(
                SELF,
                BOOT,
                store,
                RecordLimits.DEFAULT,
                liveness,
                settings,
                (kind, result, nanos) -> {},
                Clock.systemUTC(),
                List.of(new StorageNode.ShardPlace(loop, links)),
                failure -> {});
    }

    /** Its store may be filled before it serves. */
    static NodeOnOneLoop of(int members, int replicationFactor) {
        return of(members, replicationFactor, REQUEST_MILLIS);
    }

    static NodeOnOneLoop of(int members, int replicationFactor, int requestMillis) {
        return new NodeOnOneLoop(mapOf(members, replicationFactor, Durability.SYNC), requestMillis);
    }

    static ClusterMap mapOf(int members, int replicationFactor, Durability durability) {
        return mapOf(members, replicationFactor, durability, PARTITIONS);
    }

    static ClusterMap mapOf(int members, int replicationFactor, Durability durability, int partitions) {
        return Placement.firstMap(
                new ClusterId(new UUID(9, 9)),
                new ClusterMap.Settings(replicationFactor, 1, 1, durability),
                List.of(),
                IntStream.rangeClosed(1, members)
                        .mapToObj(i -> new Member(node(i), "node-" + i, Zone.DEFAULT))
                        .toList(),
                partitions);
    }

    NodeOnOneLoop serve() {
        map.members().forEach(member -> liveness.watch(List.of(member.id())));
        storageNode.serve(map);
        return this;
    }

    static NodeId node(long number) {
        return new NodeId(new UUID(0x4000, number));
    }

    static ClientRequest.Put put(Key key, String value) {
        byte[] bytes = value.getBytes(UTF_8);
        var content = new Content(
                RequestId.of(UUID.randomUUID().toString()),
                RequestDigest.of(bytes, "text/plain", VersionVector.EMPTY),
                "text/plain",
                bytes);
        return new ClientRequest.Put(key, VersionVector.EMPTY, content, 1);
    }

    Key keyWhere(boolean selfIsOwner) {
        return keyWhere(map, selfIsOwner);
    }

    static Key keyWhere(ClusterMap map, boolean selfIsOwner) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> new Key("carts", "key-" + i))
                .filter(key -> map.partitionOf(key.token()).owners().contains(SELF) == selfIsOwner)
                .findFirst()
                .orElseThrow();
    }

    Partition partitionOf(Key key) {
        return map.partitionOf(key.token());
    }

    StoreKey storeKey(Key key) {
        return new StoreKey(partitionOf(key).number(), key);
    }

    CompletableFuture<Answer> execute(ClientRequest request) {
        var answer = new CompletableFuture<Answer>();
        storageNode.execute(request, 100, answer::complete);
        return answer;
    }

    CompletableFuture<PeerReply> executeForPeer(Key key, PeerRequest request) {
        Partition partition = partitionOf(key);
        var reply = new CompletableFuture<PeerReply>();
        storageNode.execute(node(2), partition.number(), partition.lastChanged(), request, reply::complete);
        return reply;
    }

    /** What else is sent, exchanges for one, is passed over. */
    RecordedLinks.Sent nextOf(Class<? extends PeerRequest> kind) throws InterruptedException {
        RecordedLinks.Sent sent = links.sent.take();
        while (!kind.isInstance(sent.request())) {
            sent = links.sent.take();
        }
        return sent;
    }

    /** Two turns of the loop: what a task submits to the shard runs in the turn behind it. */
    void afterAllThatWasSubmitted() throws InterruptedException {
        for (int turns = 0; turns < 2; turns++) {
            loop.submit(() -> {}).sync();
        }
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        store.allowSyncs();
        storageNode.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
