package io.dynamokv.core.coordinator;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Coordinates a get (rule R1): asks R owners, itself first, one more for each that fails and one more at each hedge; joins what R of them
 * hold, answers, and then repairs the repliers that held less (Dynamo 5, read repair).
 */
public final class GetOperation implements Operation {
    private enum Phase {
        READING,
        /** Answered; a replier that is still asked may turn out to be stale. */
        WAITING_TO_REPAIR,
        DONE
    }

    private final StoreKey key;
    private final Replicas replicas;
    private final int readQuorum;
    private final List<NodeId> notAsked;
    private final Set<NodeId> asked = new HashSet<>();
    private final Map<NodeId, VersionedRecord> replies = new LinkedHashMap<>();
    private VersionedRecord joined = VersionedRecord.EMPTY;
    private Phase phase = Phase.READING;

    public GetOperation(int partition, ClientRequest.Get request, Replicas replicas) {
        key = new StoreKey(partition, request.key());
        this.replicas = replicas;
        readQuorum = request.readQuorum();
        notAsked = new ArrayList<>(replicas.usable());
    }

    @Override
    public List<Effect> start() {
        if (notAsked.size() < readQuorum) {
            phase = Phase.DONE;
            return List.of(new Effect.Answer(new Outcome.Refused(readQuorum, notAsked.size())));
        }
        var effects = new ArrayList<Effect>(readQuorum + 2);
        effects.add(new Effect.StartTimer(Timer.DEADLINE));
        for (int i = 0; i < readQuorum; i++) {
            askNext(effects);
        }
        if (!notAsked.isEmpty()) {
            effects.add(new Effect.StartTimer(Timer.HEDGE));
        }
        return effects;
    }

    private void askNext(List<Effect> effects) {
        if (notAsked.isEmpty()) {
            return;
        }
        NodeId next = notAsked.removeFirst();
        asked.add(next);
        effects.add(
                next.equals(replicas.self())
                        ? new Effect.Store(new StoreOperation.Read(key))
                        : new Effect.Send(next, new PeerRequest.Fetch(key)));
    }

    @Override
    public List<Effect> on(Event event) {
        if (phase == Phase.DONE) {
            return List.of();
        }
        return switch (event) {
            case Event.Stored(StoreResult.Held(VersionedRecord record)) -> replied(replicas.self(), record);
            case Event.Stored _ -> failed(replicas.self());
            case Event.Replied(NodeId from, PeerReply.Fetched(VersionedRecord record)) -> replied(from, record);
            case Event.Replied(NodeId from, PeerReply _) -> failed(from);
            case Event.Lost(NodeId to, boolean _) -> failed(to);
            case Event.TimedOut(Timer timer) -> timer == Timer.HEDGE ? hedge() : deadline();
            case Event.Synced() -> List.of();
        };
    }

    private List<Effect> replied(NodeId from, VersionedRecord record) {
        if (!asked.remove(from)) {
            return List.of();
        }
        replies.put(from, record);
        joined = joined.join(record).withoutSuperseded();
        var effects = new ArrayList<Effect>();
        if (phase == Phase.READING && replies.size() >= readQuorum) {
            phase = Phase.WAITING_TO_REPAIR;
            effects.add(new Effect.Answer(new Outcome.Found(joined)));
        }
        if (phase == Phase.WAITING_TO_REPAIR && asked.isEmpty()) {
            repair(effects);
        }
        return effects;
    }

    private List<Effect> failed(NodeId node) {
        if (!asked.remove(node)) {
            return List.of();
        }
        var effects = new ArrayList<Effect>();
        if (phase == Phase.READING) {
            askNext(effects);
            if (replies.size() + asked.size() < readQuorum) {
                phase = Phase.DONE;
                effects.add(new Effect.Answer(new Outcome.Refused(readQuorum, replies.size())));
            }
        } else if (asked.isEmpty()) {
            repair(effects);
        }
        return effects;
    }

    private List<Effect> hedge() {
        var effects = new ArrayList<Effect>();
        if (phase == Phase.READING) {
            askNext(effects);
            if (!notAsked.isEmpty()) {
                effects.add(new Effect.StartTimer(Timer.HEDGE));
            }
        }
        return effects;
    }

    private List<Effect> deadline() {
        var effects = new ArrayList<Effect>();
        if (phase == Phase.READING) {
            effects.add(new Effect.Answer(new Outcome.Refused(readQuorum, replies.size())));
            phase = Phase.DONE;
        } else {
            repair(effects);
        }
        return effects;
    }

    private void repair(List<Effect> effects) {
        phase = Phase.DONE;
        replies.forEach((node, record) -> {
            if (!record.equals(joined)) {
                effects.add(
                        node.equals(replicas.self())
                                ? new Effect.Store(new StoreOperation.Join(key, joined))
                                : new Effect.Send(node, new PeerRequest.Replicate(key, joined)));
            }
        });
    }

    /** Those that were asked and have neither answered nor failed. */
    Set<NodeId> unanswered() {
        return Set.copyOf(asked);
    }

    @Override
    public boolean isDone() {
        return phase == Phase.DONE;
    }
}
