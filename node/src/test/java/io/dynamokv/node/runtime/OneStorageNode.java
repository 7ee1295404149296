package io.dynamokv.node.runtime;

import static io.dynamokv.node.runtime.NodeOnOneLoop.BOOT;
import static io.dynamokv.node.runtime.NodeOnOneLoop.SELF;
import static io.dynamokv.node.runtime.NodeOnOneLoop.get;
import static io.dynamokv.node.runtime.NodeOnOneLoop.mapOf;
import static io.dynamokv.node.runtime.NodeOnOneLoop.node;
import static io.dynamokv.node.runtime.NodeOnOneLoop.put;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.membership.PeerMonitor;
import io.dynamokv.core.reaping.ReapSettings;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.store.RecordLimits;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import io.dynamokv.node.port.Answer;
import io.dynamokv.node.port.RequestObserver;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoop;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A node of two shards, whose store is in memory and whose links to others a test plays. */
@Timeout(20)
abstract class OneStorageNode {
    static final int UNDER_WAY_BYTES_MAX = 10_000;
    static final int UNDER_WAY_REQUESTS_MAX = 100;
    static final int HINT_BYTES_MAX = 10_000;
    static final ReapSettings REAPING = new ReapSettings(16, 1, 50, 5000, 4, 1);

    final DefaultEventLoopGroup loops = new DefaultEventLoopGroup(2);
    final MemoryStore store = new MemoryStore();
    final RecordedLinks links = new RecordedLinks();
    final BlockingQueue<Throwable> broken = new LinkedBlockingQueue<>();
    final BlockingQueue<RequestObserver.Result> observed = new LinkedBlockingQueue<>();
    final LivenessTable liveness =
            new LivenessTable(new PeerMonitor.Settings(60_000, 120_000), peer -> {}, Clock.systemUTC());
    final List<StorageNode.ShardPlace> places = IntStream.range(0, 2)
            .mapToObj(i -> new StorageNode.ShardPlace(loops.next(), links))
            .toList();
    final StorageNode storageNode = new StorageNode(
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

    /** Of nodes 1, 2 and so on, the first of which is the one that is tested. */
    ClusterMap serve(int members, int replicationFactor, Durability durability) {
        return serve(mapOf(members, replicationFactor, durability));
    }

    ClusterMap serve(ClusterMap map) {
        map.members().forEach(member -> liveness.watch(List.of(member.id())));
        storageNode.serve(map);
        return map;
    }

    static VersionedRecord record(String value) {
        var content = put(new Key("carts", "k"), value).content();
        var dot = new TimedDot(new Dot(new WriterId(5), 1), HybridTime.ofMillis(1));
        return VersionedRecord.EMPTY.update(VersionVector.EMPTY, dot, content);
    }

    CompletableFuture<Answer> execute(ClientRequest request) {
        return execute(request, 100);
    }

    CompletableFuture<Answer> execute(ClientRequest request, int bytes) {
        var answer = new CompletableFuture<Answer>();
        storageNode.execute(request, bytes, answer::complete);
        return answer;
    }

    CompletableFuture<PeerReply> executeForPeer(Partition partition, PeerRequest request) {
        return executeForPeer(partition.number(), partition.lastChanged(), request);
    }

    CompletableFuture<PeerReply> executeForPeer(int partition, Epoch lastChanged, PeerRequest request) {
        var reply = new CompletableFuture<PeerReply>();
        storageNode.execute(node(2), partition, lastChanged, request, reply::complete);
        return reply;
    }

    static Outcome outcome(Answer answer) {
        return assertInstanceOf(Answer.Done.class, answer).outcome();
    }

    void awaitSyncBegun() {
        while (store.syncs.get() == 0) {
            Thread.onSpinWait();
        }
    }

    VersionedRecord read(Key key) throws Exception {
        return assertInstanceOf(Outcome.Found.class, outcome(get(execute(new ClientRequest.Get(key, 1)))))
                .record();
    }

    static StoreKey storeKey(Partition partition, Key key) {
        return new StoreKey(partition.number(), key);
    }

    /** What else is sent, exchanges for one, is passed over. */
    RecordedLinks.Sent nextOf(Class<? extends PeerRequest> kind) throws InterruptedException {
        RecordedLinks.Sent sent = links.sent.take();
        while (!kind.isInstance(sent.request())) {
            sent = links.sent.take();
        }
        return sent;
    }

    EventLoop loopOf(Partition partition) {
        return places.get(partition.number() % places.size()).loop();
    }

    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }
}
