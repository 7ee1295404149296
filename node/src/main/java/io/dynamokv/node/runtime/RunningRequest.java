package io.dynamokv.node.runtime;

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
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.node.port.PeerLinks;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One machine at work on its shard: performs its effects and brings it what comes of them. On the shard's event loop alone. */
final class RunningRequest implements PeerLinks.Listener {
    private static final Logger LOG = Logger.getLogger(RunningRequest.class);

    private final Shard shard;
    private final Partition partition;
    private final Name name;
    private final Consumer<Outcome> answer;
    private final long startedNanos = System.nanoTime();
    /** Null when done, so that a timer which has yet to fire holds no values in memory. */
    private @Nullable Operation operation;

    private final boolean reads;
    private boolean executesElsewhere;
    /** A write has gone out to owners, or was to. */
    private boolean replicates;

    private boolean answered;

    /** What a line of the log says of a request; without its values. */
    record Name(String kind, @Nullable RequestId id) {
        static Name of(ClientRequest request) {
            return switch (request) {
                case ClientRequest.Get _ -> new Name("GET", null);
                case ClientRequest.Put put -> new Name("PUT", put.content().requestId());
                case ClientRequest.Delete delete -> new Name("DELETE", delete.requestId());
            };
        }

        @Override
        public String toString() {
            return id == null ? kind : kind + " with request id " + id;
        }
    }

    RunningRequest(Shard shard, Partition partition, Name name, Operation operation, Consumer<Outcome> answer) {
        this.shard = shard;
        this.partition = partition;
        this.name = name;
        this.operation = operation;
        reads = operation instanceof GetOperation;
        this.answer = answer;
    }

    void start() {
        if (operation != null) {
            try {
                perform(operation.start());
            } catch (RuntimeException defect) {
                failed(defect);
            }
        }
    }

    /** It takes nothing else with it, and ends: what it was admitted for is given back. A bug, so it is logged whole. */
    private void failed(RuntimeException defect) {
        LOG.errorf(
                defect,
                "%s in partition %d failed by a defect of the node; what became of it is unknown",
                name,
                partition.number());
        operation = null;
        if (!answered) {
            answer(new Outcome.Unknown(0, 0));
        }
    }

    private void answer(Outcome outcome) {
        answered = true;
        answer.accept(outcome);
    }

    boolean isDone() {
        return operation == null;
    }

    private void on(Event event) {
        if (operation != null) {
            try {
                perform(operation.on(event));
            } catch (RuntimeException defect) {
                failed(defect);
            }
        }
    }

    private void perform(List<Effect> effects) {
        if (operation != null && operation.isDone()) {
            operation = null;
        }
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Store(StoreOperation wanted) ->
                    shard.store(wanted, result -> stored(wanted, result), this::synced);
                case Effect.Send(NodeId to, PeerRequest request) -> {
                    count(request);
                    send(to, request);
                }
                case Effect.StartTimer(Timer timer) -> shard.timers().start(timer, this);
                case Effect.Answer(Outcome outcome) -> answer(outcome);
            }
        }
    }

    private void count(PeerRequest request) {
        replicates |= !reads && (request instanceof PeerRequest.Replicate || request instanceof PeerRequest.StandIn);
        if (reads && request instanceof PeerRequest.Replicate) {
            shard.readRepaired();
        }
        if (request instanceof PeerRequest.Execute) {
            if (executesElsewhere) {
                shard.tookOver();
            }
            executesElsewhere = true;
        }
    }

    /**
     * 1. A get reads a value here; 2. the process stands still; 3. meanwhile the value is deleted, and the tombstone reaped; 4. the get goes on and
     * repairs. So what was read long ago is not sent (rule T2); whoever waits for an answer is past the deadline. A write that a slow disk has kept for so long is
     * here alone then, and its peers saw nobody go down.
     */
    private void send(NodeId to, PeerRequest request) {
        if (System.nanoTime() - startedNanos < shard.sendingNanosMax()) {
            shard.send(to, partition, request, this);
        } else {
            missed(to);
        }
    }

    private void missed(NodeId to) {
        if (replicates) {
            shard.exchanges().missed(partition, to);
        }
    }

    private void stored(StoreOperation wanted, StoreResult result) {
        boolean isChange = !reads && !(wanted instanceof StoreOperation.Read);
        // After its deadline: the client heard that nobody knows, and nobody but this node was given it.
        if (operation == null && isChange && result instanceof StoreResult.Held) {
            replicates = true;
            partition.owners().forEach(this::missed);
        }
        on(new Event.Stored(result));
    }

    private void synced() {
        on(new Event.Synced());
    }

    @Override
    public void replied(NodeId from, PeerReply reply) {
        // It knows another map yet, or its store failed: nobody stands in for it, and nobody sends it again.
        if (reply instanceof PeerReply.Declined) {
            missed(from);
        }
        on(new Event.Replied(from, reply));
    }

    @Override
    public void lost(NodeId to, boolean maybeDelivered) {
        missed(to);
        on(new Event.Lost(to, maybeDelivered));
    }

    void timedOut(Timer timer) {
        on(new Event.TimedOut(timer));
    }
}
