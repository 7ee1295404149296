package io.dynamokv.core.simulation;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.DeleteOperation;
import io.dynamokv.core.coordinator.Effect;
import io.dynamokv.core.coordinator.Event;
import io.dynamokv.core.coordinator.ForwardOperation;
import io.dynamokv.core.coordinator.GetOperation;
import io.dynamokv.core.coordinator.Operation;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.coordinator.PutOperation;
import io.dynamokv.core.coordinator.Replicas;
import io.dynamokv.core.coordinator.Timer;
import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.store.BatchStep;
import io.dynamokv.core.store.LeafTables;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.store.WriterMark;
import io.dynamokv.core.version.VersionedRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A storage node as the shell runs it: batches on a disk, one machine per request, and a crash that forgets all that is not synced. */
final class SimulatedNode {
    private record Wanted(StoreOperation operation, Consumer<StoreResult> stored, Runnable synced) {}

    private final NodeId id;
    private final Cluster cluster;
    private final SimulatedDisk disk = new SimulatedDisk();
    private List<Wanted> wanted = new ArrayList<>();
    private LeafTables leaves = new LeafTables(disk);
    private BatchStep step;
    private BootId boot;
    private int starts;
    private boolean up = true;
    private long standsStillUntilMillis;

    SimulatedNode(NodeId id, Cluster cluster) {
        this.id = id;
        this.cluster = cluster;
        boot = new BootId(1, cluster.random().nextLong());
        step = nextStart();
    }

    private BatchStep nextStart() {
        starts++;
        if (cluster.plan().mutation() != Mutation.SAME_BOOT_AFTER_CRASH) {
            boot = new BootId(starts, cluster.random().nextLong());
        }
        return new BatchStep(boot, cluster.random(), cluster.plan().limits());
    }

    NodeId id() {
        return id;
    }

    boolean isUp() {
        return up;
    }

    int starts() {
        return starts;
    }

    SimulatedDisk disk() {
        return disk;
    }

    void crash() {
        up = false;
        wanted = new ArrayList<>();
        if (disk.crash(cluster.random()) > 0) {
            cluster.paths().took(Paths.Path.TAIL_LOST);
        }
    }

    void restart() {
        if (!up) {
            up = true;
            step = nextStart();
            leaves = new LeafTables(disk);
            keepLeaves();
            checkLeaves();
        }
    }

    void keepLeaves() {
        if (cluster.owners().contains(id)) {
            leaves.keep(Samples.PARTITION);
        }
    }

    /** As SIGSTOP: it does nothing, what comes waits, and its clock goes on. */
    void pause(long millis) {
        standsStillUntilMillis = cluster.schedule().nowMillis() + millis;
    }

    /** What a start planned dies with it. */
    private void later(long delayMillis, Runnable task) {
        int plannedBy = starts;
        cluster.schedule().after(delayMillis, () -> {
            if (up && starts == plannedBy) {
                whenMoving(task);
            }
        });
    }

    boolean isMoving() {
        return standsStillUntilMillis <= cluster.schedule().nowMillis();
    }

    boolean stoodStillWithin(long millis) {
        return standsStillUntilMillis > cluster.schedule().nowMillis() - millis;
    }

    private void whenMoving(Runnable task) {
        long stillMillis = standsStillUntilMillis - cluster.schedule().nowMillis();
        if (stillMillis > 0) {
            later(stillMillis, task);
        } else {
            task.run();
        }
    }

    void received(PeerRequest request, Consumer<PeerReply> reply) {
        whenMoving(() -> execute(request, reply));
    }

    void asked(ClientRequest request, Consumer<Outcome> answer) {
        whenMoving(() -> execute(request, answer));
    }

    void execute(ClientRequest request, Consumer<Outcome> answer) {
        var replicas = new Replicas(id, cluster.owners(), peer -> cluster.believedOf(peer));
        Operation operation =
                replicas.selfIsOwner() ? coordination(request, replicas) : new ForwardOperation(request, replicas);
        new RunningMachine(request, operation, answer).start();
    }

    private Operation coordination(ClientRequest request, Replicas replicas) {
        long nowMillis = cluster.clockMillis(id);
        return switch (request) {
            case ClientRequest.Get get -> new GetOperation(Samples.PARTITION, get, replicas);
            case ClientRequest.Put put ->
                new PutOperation(Samples.PARTITION, put, new Bucket("carts", Conflicts.SIBLINGS), replicas, nowMillis);
            case ClientRequest.Delete delete -> new DeleteOperation(Samples.PARTITION, delete, replicas, nowMillis);
        };
    }

    void execute(PeerRequest request, Consumer<PeerReply> reply) {
        switch (request) {
            case PeerRequest.Replicate(var key, VersionedRecord record) ->
                replicate(new StoreOperation.Join(key, record), reply);
            case PeerRequest.Fetch(var key) ->
                store(
                        new StoreOperation.Read(key),
                        result -> {
                            if (result instanceof StoreResult.Held(VersionedRecord record)) {
                                reply.accept(new PeerReply.Fetched(record));
                            }
                        },
                        () -> {});
            case PeerRequest.Execute(ClientRequest forwarded) -> {
                if (cluster.owners().contains(id)) {
                    execute(forwarded, outcome -> reply.accept(new PeerReply.Executed(outcome)));
                } else {
                    reply.accept(new PeerReply.Declined("no owner"));
                }
            }
        }
    }

    private void replicate(StoreOperation.Join join, Consumer<PeerReply> reply) {
        var acknowledged = new PeerReply.Acknowledged();
        if (cluster.plan().mutation() == Mutation.ACKNOWLEDGED_BEFORE_SYNC) {
            store(join, _ -> reply.accept(acknowledged), () -> {});
        } else {
            store(join, _ -> {}, () -> reply.accept(acknowledged));
        }
    }

    private void store(StoreOperation operation, Consumer<StoreResult> stored, Runnable synced) {
        wanted.add(new Wanted(operation, stored, synced));
        if (wanted.size() == 1) {
            later(cluster.storeDelayMillis(), this::drain);
        }
    }

    private void drain() {
        List<Wanted> batch = wanted;
        wanted = new ArrayList<>();
        List<StoreOperation> operations = batch.stream().map(Wanted::operation).toList();
        List<StoreResult> results = executeOnDisk(operations);
        var toSync = new ArrayList<Runnable>();
        for (int i = 0; i < batch.size(); i++) {
            Wanted one = batch.get(i);
            if (results.get(i) instanceof StoreResult.Held && !(one.operation() instanceof StoreOperation.Read)) {
                toSync.add(one.synced());
            }
            one.stored().accept(results.get(i));
        }
        long reached = disk.writtenBatches();
        later(cluster.syncDelayMillis(), () -> {
            disk.syncedUpTo(reached);
            toSync.forEach(Runnable::run);
        });
    }

    private List<StoreResult> executeOnDisk(List<StoreOperation> operations) {
        BatchStep.Outcome outcome = cluster.plan().mutation() == Mutation.NONE
                ? step.apply(operations, disk.rows())
                : Mistakes.apply(cluster.plan().mutation(), step, operations, disk.rows(), cluster.random());
        tell(operations, outcome.results());
        Map<Leaf, Long> changedLeaves = leaves.apply(outcome.leafDeltas());
        if (cluster.plan().mutation() == Mutation.LEAF_OUTSIDE_OF_THE_BATCH) {
            disk.write(outcome.changes(), Map.of());
            disk.write(Map.of(), changedLeaves);
        } else if (!outcome.changes().isEmpty()) {
            disk.write(outcome.changes(), changedLeaves);
        }
        return outcome.results();
    }

    /** An owner's tree, in memory and on disk, is that of its rows; nobody else keeps one. */
    void checkLeaves() {
        boolean owner = cluster.owners().contains(id);
        Optional<LeafTable> expected =
                owner ? Optional.of(leaves.fromRows(Span.ofPartition(Samples.PARTITION))) : Optional.empty();
        if (!expected.equals(Optional.ofNullable(leaves.table(Samples.PARTITION)))
                || !expected.equals(disk.leaves(Samples.PARTITION))) {
            throw new AssertionError("the leaves of " + id + " are not those of its rows");
        }
    }

    private void tell(List<StoreOperation> operations, List<StoreResult> results) {
        Map<StoreKey, VersionedRecord> held = new HashMap<>();
        for (int i = 0; i < operations.size(); i++) {
            StoreOperation operation = operations.get(i);
            VersionedRecord before =
                    held.computeIfAbsent(operation.key(), key -> disk.read(key).record());
            if (results.get(i) instanceof StoreResult.Held(VersionedRecord after)) {
                if (operation instanceof StoreOperation.Put put) {
                    stored(put, before, after);
                }
                if (operation instanceof StoreOperation.Join join
                        && join.record().siblings().stream()
                                .anyMatch(sibling -> after.isSuperseded(sibling.content()))) {
                    cluster.paths().took(Paths.Path.SUPERSEDED_COPY_REMOVED);
                }
                held.put(operation.key(), after);
            }
        }
    }

    private void stored(StoreOperation.Put put, VersionedRecord before, VersionedRecord after) {
        if (before.holds(put.content()) || before.isSuperseded(put.content())) {
            cluster.paths().took(Paths.Path.REPEATED_ID);
            return;
        }
        WriterMark mark = disk.read(put.key()).mark();
        if (mark != null && !mark.boot().equals(boot)) {
            cluster.paths().took(Paths.Path.FRESH_WRITER);
        }
        cluster.oracle().executed(new String(put.content().value(), StandardCharsets.UTF_8));
        if (cluster.plan().mutation() == Mutation.NONE) {
            cluster.dots().stored(id, put, before, after);
        }
    }

    /** Performs a machine's effects as the coordinator package's page says, and holds the machine to that page too. */
    private final class RunningMachine {
        private final ClientRequest request;
        private final Operation operation;
        private final Consumer<Outcome> answer;
        private boolean answered;
        private int executions;

        private RunningMachine(ClientRequest request, Operation operation, Consumer<Outcome> answer) {
            this.request = request;
            this.operation = operation;
            this.answer = answer;
        }

        void start() {
            perform(operation.start());
        }

        private void on(Event event) {
            boolean wasDone = operation.isDone();
            List<Effect> effects = operation.on(event);
            if (wasDone && !effects.isEmpty()) {
                throw new AssertionError("done, and yet " + event + " led to " + effects);
            }
            perform(effects);
        }

        private void perform(List<Effect> effects) {
            for (Effect effect : effects) {
                switch (effect) {
                    case Effect.Store(StoreOperation operationNow) -> perform(operationNow);
                    case Effect.Send(NodeId to, PeerRequest message) -> send(to, message);
                    case Effect.StartTimer(Timer timer) ->
                        later(Cluster.lengthMillis(timer), () -> on(new Event.TimedOut(timer)));
                    case Effect.Answer(Outcome outcome) -> answerOnce(outcome);
                }
            }
            if (operation.isDone() && !answered) {
                throw new AssertionError(operation + " is done without an answer");
            }
        }

        private void send(NodeId to, PeerRequest message) {
            if (message instanceof PeerRequest.Execute && ++executions == 2) {
                cluster.paths().took(Paths.Path.TAKEOVER);
            }
            if (message instanceof PeerRequest.Replicate && operation instanceof GetOperation) {
                cluster.paths().took(Paths.Path.STALE_REPLICA_REPAIRED);
            }
            cluster.call(id, to, message, whileUp());
        }

        private void perform(StoreOperation operationNow) {
            if (operationNow instanceof StoreOperation.Delete delete && request instanceof ClientRequest.Delete asked) {
                cluster.dots().deletes(asked, delete.context());
                cluster.oracle().coordinatorRead(asked, delete.seen());
            }
            boolean early = cluster.plan().mutation() == Mutation.ACKNOWLEDGED_BEFORE_SYNC;
            store(
                    operationNow,
                    result -> {
                        on(new Event.Stored(result));
                        if (early) {
                            on(new Event.Synced());
                        }
                    },
                    () -> on(new Event.Synced()));
        }

        private void answerOnce(Outcome right) {
            Outcome outcome = Mistakes.answer(cluster.plan().mutation(), request, right, disk);
            if (answered) {
                throw new AssertionError("a second answer: " + outcome);
            }
            answered = true;
            answer.accept(outcome);
        }

        private Consumer<Event> whileUp() {
            int sentBy = starts;
            return event -> {
                if (up && starts == sentBy) {
                    whenMoving(() -> on(event));
                }
            };
        }
    }
}
