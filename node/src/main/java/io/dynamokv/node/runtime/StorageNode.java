package io.dynamokv.node.runtime;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.DeleteOperation;
import io.dynamokv.core.coordinator.ForwardOperation;
import io.dynamokv.core.coordinator.GetOperation;
import io.dynamokv.core.coordinator.Operation;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.coordinator.PutOperation;
import io.dynamokv.core.coordinator.Replicas;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.ring.PreferenceList;
import io.dynamokv.core.store.BatchStep;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.RecordLimits;
import io.dynamokv.core.store.ReplicaStore;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.Tombstone;
import io.dynamokv.node.port.Answer;
import io.dynamokv.node.port.Exchanges;
import io.dynamokv.node.port.PeerExecutor;
import io.dynamokv.node.port.PeerLinks;
import io.dynamokv.node.port.RequestExecutor;
import io.dynamokv.node.port.RequestObserver;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A storage node without its doors: takes clients' and peers' requests to the shard of their partition and runs a machine for each. */
public final class StorageNode implements RequestExecutor, PeerExecutor, AutoCloseable {
    /** One shard's thread and its links. */
    public record ShardPlace(EventLoop loop, PeerLinks links) {}

    /** A map, and the walk of each of its partitions. */
    private record Serving(ClusterMap map, List<PreferenceList> walks) {
        static Serving of(ClusterMap map) {
            return new Serving(
                    map,
                    map.partitions().stream()
                            .map(partition -> PreferenceList.of(map, partition))
                            .toList());
        }

        PreferenceList walkOf(Partition partition) {
            return walks.get(partition.number());
        }
    }

    private static final int READING_SECONDS_MAX = 10;

    /** With more than this part of what may be under way a node has no time left for other work. */
    private static final int CALM_PART = 4;

    private final NodeId self;
    private final BootId boot;
    private final LivenessTable liveness;
    private final RuntimeSettings settings;
    private final RequestObserver observer;
    private final Clock clock;
    private final LogSyncer syncer;
    /** Long reads of exchanges, beside the shards. */
    private final ExecutorService reading = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("exchange-read").daemon().factory());

    private final List<Shard> shards = new ArrayList<>();
    private final UnderWay underWay;
    private final LongAdder forwardedRefused = new LongAdder();
    private volatile @Nullable Serving serving;
    private volatile boolean diskNearlyFull;

    /**
     * @param onBroken is told when the storage broke or memory ran out: the node must stop, for what it holds is no longer known
     */
    public StorageNode(
            NodeId self,
            BootId boot,
            ReplicaStore store,
            RecordLimits limits,
            LivenessTable liveness,
            RuntimeSettings settings,
            RequestObserver observer,
            Clock clock,
            List<ShardPlace> places,
            Consumer<Throwable> onBroken) {
        this.self = self;
        this.boot = boot;
        this.liveness = liveness;
        this.settings = settings;
        this.observer = observer;
        this.clock = clock;
        syncer = new LogSyncer(store, onBroken);
        underWay = new UnderWay(
                settings.underWayBytesMax(),
                settings.underWayRequestsMax(),
                settings.requestMillis(),
                System.nanoTime());
        for (ShardPlace place : places) {
            var step = new BatchStep(boot, new SecureRandom(), limits);
            shards.add(new Shard(
                    self,
                    place.loop(),
                    store,
                    step,
                    syncer,
                    onBroken,
                    place.links(),
                    liveness,
                    settings.sharedBy(places.size()),
                    clock,
                    reading,
                    new Load(settings.underWayBytesMax() / CALM_PART / places.size())));
        }
    }

    /** Serves this map from now on. It must be on disk already. */
    public void serve(ClusterMap newMap) {
        if (serving == null) {
            countHints(newMap);
        }
        for (Shard shard : shards) {
            List<Partition> partitions = partitionsOf(newMap, shard);
            shard.keepTrees(partitions, self, boot.number());
            shard.serve(newMap, partitions);
        }
        serving = Serving.of(newMap);
    }

    private List<Partition> partitionsOf(ClusterMap newMap, Shard shard) {
        return newMap.partitions().stream()
                .filter(partition -> shardOf(partition) == shard)
                .toList();
    }

    private void countHints(ClusterMap first) {
        for (Partition partition : first.partitions()) {
            if (!partition.owners().contains(self)) {
                shardOf(partition).hints().count(partition.number());
            }
        }
    }

    /** How many rows this node keeps for whom, until they are alive and have got them. */
    public Map<NodeId, Long> hintsWaiting() {
        var waiting = new HashMap<NodeId, Long>();
        shards.forEach(
                shard -> shard.hints().waiting().forEach((owner, rows) -> waiting.merge(owner, rows, Long::sum)));
        return waiting;
    }

    public long hintBytes() {
        return shards.stream().mapToLong(shard -> shard.hints().bytes()).sum();
    }

    /** Since the start. */
    public long hintsDelivered() {
        return shards.stream().mapToLong(shard -> shard.hints().delivered()).sum();
    }

    /** What exchanges came to, since the start. */
    public Exchanges exchanges() {
        return shards.stream().map(shard -> shard.exchanges().figures()).reduce(Exchanges.NONE, Exchanges::plus);
    }

    /**
     * Compares every partition with its other owners, as soon as possible.
     *
     * @param rebuild builds the hash trees from the rows before
     */
    public void repair(boolean rebuild) {
        Serving now = serving;
        if (now != null) {
            for (Shard shard : shards) {
                shard.repair(partitionsOf(now.map(), shard), rebuild);
            }
        }
    }

    /** Replicas that got a record because a read found that they held less, since the start. */
    public long readRepairs() {
        return shards.stream().mapToLong(Shard::readRepairs).sum();
    }

    /** Requests that a further owner was asked to coordinate, since the start. */
    public long takeovers() {
        return shards.stream().mapToLong(Shard::takeovers).sum();
    }

    /** The most versions that one key had within the last minute or two, of those that were read or written. */
    public long siblingsMax() {
        return shards.stream().mapToLong(Shard::siblingsMax).max().orElse(0);
    }

    /** The most writers that one key's vector named within the last minute or two, of those that were read or written. */
    public long vectorEntriesMax() {
        return shards.stream().mapToLong(Shard::vectorEntriesMax).max().orElse(0);
    }

    /** Tombstones that went by this node's word, since the start. */
    public long reaped() {
        return shards.stream().mapToLong(shard -> shard.reaping().reaped()).sum();
    }

    /** How often some stayed because a member did not answer this node, since the start. */
    public long reapingUnanswered() {
        return shards.stream().mapToLong(shard -> shard.reaping().unanswered()).sum();
    }

    /** Writes that this node took in the place of an owner, from other coordinators and as one itself, since the start. */
    public long stoodIn() {
        return shards.stream().mapToLong(shard -> shard.hints().taken()).sum();
    }

    /** While it is, clients' puts are refused; what replicas send is always accepted (rule W6). */
    public void diskNearlyFull(boolean nearlyFull) {
        diskNearlyFull = nearlyFull;
    }

    public Optional<ClusterMap> map() {
        return Optional.ofNullable(serving).map(Serving::map);
    }

    @Override
    public void execute(ClientRequest request, int bytes, Consumer<Answer> answer) {
        long startedNanos = System.nanoTime();
        Consumer<Answer> observed = given -> {
            observer.ended(
                    RequestObserver.Kind.of(request),
                    RequestObserver.Result.of(given),
                    System.nanoTime() - startedNanos);
            answer.accept(given);
        };
        Serving now = serving;
        if (now == null) {
            observed.accept(new Answer.NotServing());
        } else if (diskNearlyFull && request instanceof ClientRequest.Put) {
            observed.accept(new Answer.DiskNearlyFull());
        } else {
            admit(now, request, bytes, startedNanos, observed);
        }
    }

    private void admit(Serving now, ClientRequest request, int bytes, long startedNanos, Consumer<Answer> answer) {
        Partition partition = now.map().partitionOf(request.key().token());
        Shard shard = shardOf(partition);
        if (!underWay.admit(bytes)) {
            answer.accept(new Answer.Overloaded());
            return;
        }
        shard.load().begin(bytes);
        Consumer<Answer> ended = given -> {
            underWay.end(bytes, startedNanos, System.nanoTime());
            shard.load().end(bytes);
            answer.accept(given);
        };
        shard.submit(() -> {
            // What has waited for its turn until nobody waits for it any more is not begun.
            if (underWay.isLate(startedNanos, System.nanoTime())) {
                ended.accept(new Answer.Overloaded());
            } else {
                run(now, partition, request, outcome -> ended.accept(new Answer.Done(outcome)));
            }
        });
    }

    /** A further request would be refused. */
    public boolean isFull() {
        return underWay.isFull();
    }

    public long underWayBytes() {
        return underWay.bytes();
    }

    public long underWayRequests() {
        return underWay.requests();
    }

    /** So many are admitted now; fewer than are configured while they take too long. */
    public long underWayRequestsMax() {
        return underWay.requestsMax();
    }

    /** Requests that others forwarded, and for which there was no room, since the start. */
    public long forwardedRefused() {
        return forwardedRefused.sum();
    }

    /** How late the latest of the shards was for its last tick: so long waits whatever comes now. */
    public long shardLateMillis() {
        return shards.stream()
                .mapToLong(shard -> shard.load().lateMillis())
                .max()
                .orElse(0);
    }

    private Shard shardOf(Partition partition) {
        return shards.get(partition.number() % shards.size());
    }

    private void run(Serving now, Partition partition, ClientRequest request, Consumer<Outcome> answer) {
        var replicas = new Replicas(self, now.walkOf(partition), liveness::of);
        if (replicas.selfCoordinates()) {
            coordinate(now, partition, request, replicas, answer);
        } else {
            start(partition, request, new ForwardOperation(request, replicas), answer);
        }
    }

    /** By an owner, or in the owners' place (rule W1). */
    private void coordinate(
            Serving now, Partition partition, ClientRequest request, Replicas replicas, Consumer<Outcome> answer) {
        if (!partition.owners().contains(self) && isFullOfHints() && !(request instanceof ClientRequest.Get)) {
            answer.accept(new Outcome.Refused(votesNeeded(request), 0));
            return;
        }
        start(partition, request, coordination(now.map(), partition, request, replicas), answer);
    }

    private void start(Partition partition, ClientRequest request, Operation operation, Consumer<Outcome> answer) {
        var name = RunningRequest.Name.of(request);
        new RunningRequest(shardOf(partition), partition, name, operation, answer).start();
    }

    private static int votesNeeded(ClientRequest request) {
        return switch (request) {
            case ClientRequest.Get get -> get.readQuorum();
            case ClientRequest.Put put -> put.writeQuorum();
            case ClientRequest.Delete delete -> delete.writeQuorum();
        };
    }

    /** It refuses to stand in, and drops nothing (rule H2). */
    private boolean isFullOfHints() {
        return hintBytes() >= settings.hintBytesMax();
    }

    private Operation coordination(ClusterMap serving, Partition partition, ClientRequest request, Replicas replicas) {
        return switch (request) {
            case ClientRequest.Get get -> new GetOperation(partition.number(), get, replicas);
            case ClientRequest.Put put ->
                new PutOperation(
                        partition.number(), put, serving.bucket(put.key().bucket()), replicas, clock.millis());
            case ClientRequest.Delete delete ->
                new DeleteOperation(partition.number(), delete, replicas, clock.millis());
        };
    }

    @Override
    public void execute(NodeId from, int number, Epoch lastChanged, PeerRequest request, Consumer<PeerReply> reply) {
        Serving now = serving;
        if (now == null || number >= now.map().partitions().size()) {
            reply.accept(new PeerReply.Declined("no such partition is served here"));
            return;
        }
        Partition partition = now.map().partitions().get(number);
        if (!partition.lastChanged().equals(lastChanged)) {
            reply.accept(new PeerReply.Declined("partition " + number + " changed at epoch " + partition.lastChanged()
                    + " here and " + lastChanged + " there"));
        } else if (!PeerRequests.fits(request, now.map(), partition)) {
            reply.accept(new PeerReply.Declined("no request for partition " + number));
        } else if (PeerRequests.isForOwners(request) && !partition.owners().contains(self)) {
            reply.accept(new PeerReply.Declined("partition " + number + " is not owned here"));
        } else {
            Shard shard = shardOf(partition);
            submit(shard, now, partition, request, reply);
        }
    }

    private void submit(Shard shard, Serving now, Partition partition, PeerRequest request, Consumer<PeerReply> reply) {
        long startedNanos = System.nanoTime();
        Consumer<PeerReply> counted = PeerRequests.isForClients(request)
                ? counted(shard.load(), PeerRequests.bytesOf(request), reply)
                : reply;
        shard.submit(() -> {
            if (PeerRequests.mayBeLate(request) || !underWay.isLate(startedNanos, System.nanoTime())) {
                runForPeer(now, partition, request, counted);
            } else {
                counted.accept(new PeerReply.Declined("it has waited for too long here"));
            }
        });
    }

    private static Consumer<PeerReply> counted(Load load, int bytes, Consumer<PeerReply> reply) {
        load.begin(bytes);
        return given -> {
            load.end(bytes);
            reply.accept(given);
        };
    }

    private void runForPeer(Serving now, Partition partition, PeerRequest request, Consumer<PeerReply> reply) {
        Shard shard = shardOf(partition);
        switch (request) {
            case PeerRequest.Replicate replicate ->
                shard.store(
                        new StoreOperation.Join(replicate.key(), replicate.record()),
                        result -> PeerRequests.declineUnlessHeld(result, reply),
                        () -> reply.accept(new PeerReply.Acknowledged()));
            case PeerRequest.Deliver deliver ->
                shard.storeSynced(
                        new StoreOperation.Join(deliver.key(), deliver.record()),
                        result -> PeerRequests.declineUnlessHeld(result, reply),
                        () -> reply.accept(new PeerReply.Acknowledged()));
            case PeerRequest.StandIn standIn -> standIn(partition, standIn, reply);
            case PeerRequest.Prove(int number, List<Tombstone> tombstones) ->
                shard.reaping().prove(number, tombstones, reply);
            case PeerRequest.Reap(int number, List<Tombstone> tombstones) -> {
                shard.reaping().reap(number, tombstones);
                reply.accept(new PeerReply.Acknowledged());
            }
            case PeerRequest.Exchange exchange ->
                shard.exchanges()
                        .answer(partition, exchange.request(), answer -> reply.accept(new PeerReply.Exchanged(answer)));
            case PeerRequest.Fetch fetch ->
                shard.store(
                        new StoreOperation.Read(fetch.key()),
                        result -> PeerRequests.replyFetched(result, reply),
                        () -> {});
            case PeerRequest.Execute execute -> runForwarded(now, partition, execute.request(), reply);
        }
    }

    /** An owner that is taken for dead by somebody is asked to stand in for another slot: what it holds, it holds for itself. */
    private void standIn(Partition partition, PeerRequest.StandIn standIn, Consumer<PeerReply> reply) {
        boolean owner = partition.owners().contains(self);
        if (!owner && isFullOfHints()) {
            reply.accept(new PeerReply.Declined("it keeps " + hintBytes() + " bytes for others, at most "
                    + settings.hintBytesMax() + " are allowed"));
            return;
        }
        shardOf(partition)
                .store(
                        new StoreOperation.Join(
                                standIn.key(),
                                standIn.record(),
                                owner ? HintedSlots.NONE : HintedSlots.of(standIn.slot())),
                        result -> PeerRequests.declineUnlessHeld(result, reply),
                        () -> reply.accept(new PeerReply.Acknowledged()));
    }

    /** What another node forwards is a client's request too: the same bounds hold, and what is declined was not stored. */
    private void runForwarded(Serving now, Partition partition, ClientRequest request, Consumer<PeerReply> reply) {
        int bytes = PeerRequests.bytesOf(new PeerRequest.Execute(request));
        long startedNanos = System.nanoTime();
        if (diskNearlyFull && request instanceof ClientRequest.Put) {
            reply.accept(new PeerReply.Declined("the disk is nearly full"));
        } else if (!underWay.admit(bytes)) {
            forwardedRefused.increment();
            reply.accept(new PeerReply.Declined("too much is under way"));
        } else {
            var replicas = new Replicas(self, now.walkOf(partition), liveness::of);
            coordinate(now, partition, request, replicas, outcome -> {
                underWay.end(bytes, startedNanos, System.nanoTime());
                reply.accept(new PeerReply.Executed(outcome));
            });
        }
    }

    /** Takes nothing new, and lets go of what is under way; when it returns nothing uses the store any more. */
    @Override
    public void close() {
        serving = null;
        shards.stream().map(Shard::stop).toList().forEach(CompletableFuture::join);
        endReading();
        syncer.close();
    }

    /** A read that is under way must not find the store closed. */
    private void endReading() {
        reading.shutdown();
        try {
            boolean ended = reading.awaitTermination(READING_SECONDS_MAX, TimeUnit.SECONDS);
            if (!ended) {
                throw new IllegalStateException("a read of the store has not ended in " + READING_SECONDS_MAX + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
