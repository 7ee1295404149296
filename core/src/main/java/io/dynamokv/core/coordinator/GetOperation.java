package io.dynamokv.core.coordinator;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Coordinates a get (rules R1, R2): asks R owners, itself first, one more for each that fails and one more at each hedge, and stand-ins for those
 * that are down or get lost; joins what R of them hold, answers, and then repairs the owners that held less (Dynamo 5, read repair).
 *
 * <p>A link that broke says little of the node behind it: an owner that is lost, and that nobody stands in for, is asked again at the next hedge
 * unless it is down by then.
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
    private final List<Replicas.Replica> notAsked;
    private final Map<NodeId, Replicas.Replica> asked = new LinkedHashMap<>();
    /** Null until an owner gets lost. */
    private @Nullable Deque<NodeId> spares;

    private final List<Replicas.Replica> toAskAgain = new ArrayList<>();
    private boolean hedging;
    private boolean sloppy;
    private final Map<Replicas.Replica, VersionedRecord> replies = new LinkedHashMap<>();
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
        hedgeLater(effects);
        return effects;
    }

    private void hedgeLater(List<Effect> effects) {
        if (!hedging && !(notAsked.isEmpty() && toAskAgain.isEmpty())) {
            hedging = true;
            effects.add(new Effect.StartTimer(Timer.HEDGE));
        }
    }

    private void askNext(List<Effect> effects) {
        if (!notAsked.isEmpty()) {
            ask(notAsked.removeFirst(), effects);
        }
    }

    private void ask(Replicas.Replica next, List<Effect> effects) {
        asked.put(next.node(), next);
        effects.add(
                next.node().equals(replicas.self())
                        ? new Effect.Store(new StoreOperation.Read(key))
                        : new Effect.Send(next.node(), new PeerRequest.Fetch(key)));
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
            case Event.Lost(NodeId to, boolean _) -> lost(to);
            case Event.TimedOut(Timer timer) -> timer == Timer.HEDGE ? hedge() : deadline();
            case Event.Synced() -> List.of();
        };
    }

    private List<Effect> replied(NodeId from, VersionedRecord record) {
        Replicas.Replica replica = asked.remove(from);
        if (replica == null) {
            return List.of();
        }
        replies.put(replica, record);
        sloppy |= replica.standsIn();
        joined = joined.join(record).withoutSuperseded();
        var effects = new ArrayList<Effect>();
        if (phase == Phase.READING && replies.size() >= readQuorum) {
            phase = Phase.WAITING_TO_REPAIR;
            effects.add(new Effect.Answer(new Outcome.Found(joined, sloppy)));
        }
        if (phase == Phase.WAITING_TO_REPAIR && asked.isEmpty()) {
            repair(effects);
        }
        return effects;
    }

    /** The next live member of the walk may be asked for its slot. */
    private List<Effect> lost(NodeId node) {
        Replicas.Replica replica = asked.get(node);
        if (replica != null && phase == Phase.READING) {
            if (spares == null) {
                spares = replicas.spares();
            }
            NodeId spare = spares.poll();
            if (spare != null) {
                notAsked.add(new Replicas.Replica(spare, replica.slot(), true));
            } else if (!replicas.isDown(node)) {
                toAskAgain.add(replica);
            }
        }
        return failed(node);
    }

    private List<Effect> failed(NodeId node) {
        if (asked.remove(node) == null) {
            return List.of();
        }
        var effects = new ArrayList<Effect>();
        if (phase == Phase.READING) {
            askNext(effects);
            goOnOrRefuse(effects);
        } else if (asked.isEmpty()) {
            repair(effects);
        }
        return effects;
    }

    private void goOnOrRefuse(List<Effect> effects) {
        if (replies.size() + asked.size() + toAskAgain.size() < readQuorum) {
            phase = Phase.DONE;
            effects.add(new Effect.Answer(new Outcome.Refused(readQuorum, replies.size())));
        } else {
            hedgeLater(effects);
        }
    }

    private List<Effect> hedge() {
        hedging = false;
        var effects = new ArrayList<Effect>();
        if (phase == Phase.READING) {
            toAskAgain.removeIf(replica -> replicas.isDown(replica.node()));
            if (toAskAgain.isEmpty()) {
                askNext(effects);
            }
            toAskAgain.forEach(replica -> ask(replica, effects));
            toAskAgain.clear();
            goOnOrRefuse(effects);
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

    /** Owners alone: what a stand-in keeps is what was given to it. */
    private void repair(List<Effect> effects) {
        phase = Phase.DONE;
        replies.forEach((replica, record) -> {
            if (!replica.standsIn() && !record.equals(joined)) {
                effects.add(
                        replica.node().equals(replicas.self())
                                ? new Effect.Store(new StoreOperation.Join(key, joined))
                                : new Effect.Send(replica.node(), new PeerRequest.Replicate(key, joined)));
            }
        });
    }

    /** Those that were asked and have neither answered nor failed. */
    Set<NodeId> unanswered() {
        return Collections.unmodifiableSet(asked.keySet());
    }

    @Override
    public boolean isDone() {
        return phase == Phase.DONE;
    }
}
