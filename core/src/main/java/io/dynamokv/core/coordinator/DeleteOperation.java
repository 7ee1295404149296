package io.dynamokv.core.coordinator;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Coordinates a delete (rule D5). With a context it removes what the context covers; without one it first reads R replicas and then
 * removes what it saw. What is written meanwhile survives.
 */
public final class DeleteOperation implements Operation {
    private final StoreKey key;
    private final long nowMillis;
    private final ReplicationRound round;
    private final NodeId self;
    private final @Nullable GetOperation reading;
    /** Asked by the read, and not heard of when the delete began. */
    private final Set<NodeId> stillRead = new LinkedHashSet<>();

    private @Nullable Writing writing;
    private boolean done;

    public DeleteOperation(int partition, ClientRequest.Delete request, Replicas replicas, long nowMillis) {
        key = new StoreKey(partition, request.key());
        this.nowMillis = nowMillis;
        self = replicas.self();
        round = new ReplicationRound(key, replicas, request.writeQuorum());
        VersionVector context = request.context();
        if (context == null) {
            reading = new GetOperation(partition, new ClientRequest.Get(request.key(), request.readQuorum()), replicas);
        } else {
            reading = null;
            writing = writingOf(VersionedRecord.EMPTY, context);
        }
    }

    private Writing writingOf(VersionedRecord seen, VersionVector context) {
        return new Writing(new StoreOperation.Delete(key, seen, context, nowMillis, round.ownSlots()), round);
    }

    @Override
    public List<Effect> start() {
        if (round.isHopeless()) {
            return answer(round.refusal());
        }
        if (reading != null) {
            return onRead(reading.start());
        }
        var effects = new ArrayList<Effect>();
        effects.add(new Effect.StartTimer(Timer.DEADLINE));
        if (writing != null) {
            effects.addAll(writing.start());
        }
        return effects;
    }

    @Override
    public List<Effect> on(Event event) {
        if (isDone()) {
            return List.of();
        }
        if (writing != null) {
            return endsARead(event) ? List.of() : writing.on(event);
        }
        return reading == null ? List.of() : onRead(reading.on(event));
    }

    /**
     * Whether this is the late end of a read and not of the delete that went the same way behind it. 1. B is slow to answer the read, C answers; 2.
     * the delete goes to both; 3. the read at B is lost, which is no lost vote. Where B is silent to both, the first loss counts as the read's: at
     * worst the machine waits for its deadline.
     */
    private boolean endsARead(Event event) {
        return switch (event) {
            case Event.Stored _ -> stillRead.remove(self);
            case Event.Replied(NodeId from, PeerReply.Fetched _) -> stillRead.remove(from);
            case Event.Replied(NodeId from, PeerReply.Declined _) -> stillRead.remove(from);
            case Event.Lost(NodeId to, boolean _) -> stillRead.remove(to);
            case Event.Replied _, Event.Synced _, Event.TimedOut _ -> false;
        };
    }

    /** Takes the read's answer and lets its repairs go: the delete replicates the whole record anyway. */
    private List<Effect> onRead(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Answer(Outcome outcome)) {
                return outcome instanceof Outcome.Found(VersionedRecord seen, boolean _)
                        ? write(seen)
                        : answer(outcome);
            }
        }
        return effects;
    }

    private List<Effect> write(VersionedRecord seen) {
        if (seen.isEmpty()) {
            return answer(new Outcome.Written(null));
        }
        if (reading != null) {
            stillRead.addAll(reading.unanswered());
        }
        Writing begun = writingOf(seen, seen.context());
        writing = begun;
        return begun.start();
    }

    private List<Effect> answer(Outcome outcome) {
        done = true;
        return List.of(new Effect.Answer(outcome));
    }

    @Override
    public boolean isDone() {
        return done || writing != null && writing.isDone();
    }
}
