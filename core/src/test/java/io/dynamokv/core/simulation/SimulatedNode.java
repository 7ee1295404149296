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
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.store.BatchStep;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A storage node as the shell runs it: batches on a disk, one machine per request, and a crash that forgets all that is not synced. */
final class SimulatedNode {
    private record Wanted(StoreOperation operation, Consumer<StoreResult> stored, Runnable synced) {}

    private final NodeId id;
    private final Cluster cluster;
    private final SimulatedDisk disk = new SimulatedDisk();
    private List<Wanted> wanted = new ArrayList<>();
    private BatchStep step;
    private int starts;
    private boolean up = true;

    SimulatedNode(NodeId id, Cluster cluster) {
        this.id = id;
        this.cluster = cluster;
        step = nextStart();
    }

    private BatchStep nextStart() {
        starts++;
        return new BatchStep(
                new BootId(starts, cluster.random().nextLong()),
                cluster.random(),
                cluster.plan().limits());
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
        disk.crash(cluster.random());
    }

    void restart() {
        if (!up) {
            up = true;
            step = nextStart();
        }
    }

    /** What a start planned dies with it. */
    private void later(long delayMillis, Runnable task) {
        int plannedBy = starts;
        cluster.schedule().after(delayMillis, () -> {
            if (up && starts == plannedBy) {
                task.run();
            }
        });
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
                store(new StoreOperation.Join(key, record), _ -> {}, () -> reply.accept(new PeerReply.Acknowledged()));
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
        later(cluster.storeDelayMillis(), () -> {
            disk.syncedUpTo(reached);
            toSync.forEach(Runnable::run);
        });
    }

    private List<StoreResult> executeOnDisk(List<StoreOperation> operations) {
        BatchStep.Outcome outcome = step.apply(operations, disk.rows());
        cluster.journal().executed(id, operations, disk.rows(), outcome.results());
        if (!outcome.changes().isEmpty()) {
            disk.write(outcome.changes());
        }
        return outcome.results();
    }

    /** Performs a machine's effects as the coordinator package's page says, and holds the machine to that page too. */
    private final class RunningMachine {
        private final ClientRequest request;
        private final Operation operation;
        private final Consumer<Outcome> answer;
        private boolean answered;

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
                    case Effect.Send(NodeId to, PeerRequest message) -> cluster.call(id, to, message, whileUp());
                    case Effect.StartTimer(Timer timer) ->
                        later(Cluster.lengthMillis(timer), () -> on(new Event.TimedOut(timer)));
                    case Effect.Answer(Outcome outcome) -> answerOnce(outcome);
                }
            }
            if (operation.isDone() && !answered) {
                throw new AssertionError(operation + " is done without an answer");
            }
        }

        private void perform(StoreOperation operationNow) {
            if (operationNow instanceof StoreOperation.Delete delete && request instanceof ClientRequest.Delete asked) {
                cluster.journal().deletes(asked, delete.context());
            }
            store(operationNow, result -> on(new Event.Stored(result)), () -> on(new Event.Synced()));
        }

        private void answerOnce(Outcome outcome) {
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
                    on(event);
                }
            };
        }
    }
}
