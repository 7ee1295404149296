package io.dynamokv.core.simulation;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Effect;
import io.dynamokv.core.coordinator.Event;
import io.dynamokv.core.coordinator.GetOperation;
import io.dynamokv.core.coordinator.Operation;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.coordinator.Timer;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import java.util.List;
import java.util.function.Consumer;

/** Performs a machine's effects as the coordinator package's page says, and holds the machine to that page too. */
final class RunningMachine {
    private final SimulatedNode node;
    private final Cluster cluster;
    private final ClientRequest request;
    private final Operation operation;
    private final Consumer<Outcome> answer;
    private final long startedMillis;
    private boolean answered;
    private int executions;

    RunningMachine(
            SimulatedNode node, Cluster cluster, ClientRequest request, Operation operation, Consumer<Outcome> answer) {
        this.node = node;
        this.cluster = cluster;
        this.request = request;
        this.operation = operation;
        this.answer = answer;
        startedMillis = cluster.schedule().nowMillis();
    }

    void start() {
        perform(operation.start());
    }

    private void on(Event event) {
        boolean wasDone = operation.isDone();
        List<Effect> effects = operation.on(event);
        if (wasDone && !effects.isEmpty()) {
            throw new Violation(
                    Invariant.EACH_REQUEST_IS_ANSWERED_ONCE, "done, and yet " + event + " led to " + effects);
        }
        perform(effects);
    }

    private void perform(List<Effect> effects) {
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Store(StoreOperation operationNow) -> perform(operationNow);
                case Effect.Send(NodeId to, PeerRequest message) -> send(to, message);
                case Effect.StartTimer(Timer timer) -> {
                    if (timer != Timer.DEADLINE || cluster.plan().mutation() != Mutation.NO_DEADLINE) {
                        node.later(Cluster.lengthMillis(timer), () -> on(new Event.TimedOut(timer)));
                    }
                }
                case Effect.Answer(Outcome outcome) -> answerOnce(outcome);
            }
        }
        if (operation.isDone() && !answered) {
            throw new Violation(Invariant.EACH_REQUEST_IS_ANSWERED_ONCE, operation + " is done without an answer");
        }
    }

    private void send(NodeId to, PeerRequest message) {
        if (message instanceof PeerRequest.Execute && ++executions == 2) {
            cluster.paths().took(Paths.Path.TAKEOVER);
        }
        if (message instanceof PeerRequest.Replicate && operation instanceof GetOperation) {
            cluster.paths().took(Paths.Path.STALE_REPLICA_REPAIRED);
        }
        if (!isTooLate() || cluster.plan().mutation() == Mutation.LATE_MESSAGES_ARE_READ) {
            Oracle.Disk disk = cluster.oracle().diskOf(to, request.key());
            Consumer<Event> heard = event -> {
                if (event instanceof Event.Replied(NodeId _, PeerReply.Acknowledged())
                        && !(request instanceof ClientRequest.Get)) {
                    cluster.oracle().isOnDisk(request, disk);
                }
                on(event);
            };
            cluster.call(
                    node.id(),
                    to,
                    message,
                    node.whileUp(writes(message) ? node.exchanges().watched(to, heard) : heard));
        } else if (writes(message)) {
            node.exchanges().missed(to);
        }
    }

    /** And does not repair what a get found, nor ask what a delete would remove. */
    private boolean writes(PeerRequest message) {
        return !(operation instanceof GetOperation)
                && (message instanceof PeerRequest.Replicate || message instanceof PeerRequest.StandIn);
    }

    /** What it read is from before a pause, and may have been reaped since (rule T2). */
    private boolean isTooLate() {
        return cluster.schedule().nowMillis() - startedMillis
                > Cluster.lengthMillis(Timer.DEADLINE) + SimulatedNode.LONG_PAUSE_MILLIS;
    }

    private void perform(StoreOperation operationNow) {
        if (operationNow instanceof StoreOperation.Delete delete && request instanceof ClientRequest.Delete asked) {
            cluster.dots().deletes(asked, delete.context());
            cluster.oracle().coordinatorRead(asked, delete.seen());
        }
        if (operationNow instanceof StoreOperation.Put || operationNow instanceof StoreOperation.Delete) {
            cluster.oracle().mayBeStored(request);
        }
        boolean early = cluster.plan().mutation() == Mutation.ACKNOWLEDGED_BEFORE_SYNC;
        var own = new Oracle.Copy[1];
        node.store()
                .store(
                        operationNow,
                        result -> {
                            own[0] = node.copyOf(request.key());
                            boolean isChange = !(operation instanceof GetOperation)
                                    && !(operationNow instanceof StoreOperation.Read);
                            if (operation.isDone() && isChange && result instanceof StoreResult.Held) {
                                cluster.owners().forEach(node.exchanges()::missed);
                            }
                            on(new Event.Stored(result));
                            if (early) {
                                synced(own[0]);
                            }
                        },
                        () -> synced(own[0]));
    }

    private void synced(Oracle.Copy own) {
        if (!(request instanceof ClientRequest.Get)) {
            cluster.oracle().isOnDisk(request, own);
        }
        on(new Event.Synced());
    }

    private void answerOnce(Outcome right) {
        Outcome outcome = Mistakes.answer(cluster.plan().mutation(), request, right, executions > 1, node.disk());
        if (answered) {
            throw new Violation(Invariant.EACH_REQUEST_IS_ANSWERED_ONCE, "a second answer: " + outcome);
        }
        answered = true;
        answer.accept(outcome);
    }
}
