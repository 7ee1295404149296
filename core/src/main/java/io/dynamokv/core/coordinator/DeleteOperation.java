package io.dynamokv.core.coordinator;

import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Coordinates a delete (rule D5). With a context it removes what the context covers; without one it first reads R replicas and then
 * removes what it saw. What is written meanwhile survives.
 */
public final class DeleteOperation implements Operation {
    private final StoreKey key;
    private final long nowMillis;
    private final ReplicationRound round;
    private final @Nullable GetOperation reading;
    private @Nullable Writing writing;
    private boolean done;

    public DeleteOperation(int partition, ClientRequest.Delete request, Replicas replicas, long nowMillis) {
        key = new StoreKey(partition, request.key());
        this.nowMillis = nowMillis;
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
        return new Writing(new StoreOperation.Delete(key, seen, context, nowMillis), round);
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
            return writing.on(event);
        }
        return reading == null ? List.of() : onRead(reading.on(event));
    }

    /** Takes the read's answer and lets its repairs go: the delete replicates the whole record anyway. */
    private List<Effect> onRead(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Answer(Outcome outcome)) {
                return outcome instanceof Outcome.Found(VersionedRecord seen) ? write(seen) : answer(outcome);
            }
        }
        return effects;
    }

    private List<Effect> write(VersionedRecord seen) {
        if (seen.isEmpty()) {
            return answer(new Outcome.Written(null));
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
