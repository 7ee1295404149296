package io.dynamokv.core.coordinator;

import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import java.util.ArrayList;
import java.util.List;

/** Coordinates a put (Dynamo 4.5, rules W1 to W4). */
public final class PutOperation implements Operation {
    private final ReplicationRound round;
    private final Writing writing;
    private boolean refused;

    /**
     * @param bucket what the map declares of the key's
     * @param nowMillis the time of day, for hybrid time alone
     */
    public PutOperation(int partition, ClientRequest.Put request, Bucket bucket, Replicas replicas, long nowMillis) {
        var key = new StoreKey(partition, request.key());
        round = new ReplicationRound(key, replicas, request.writeQuorum());
        writing = new Writing(
                new StoreOperation.Put(key, request.context(), request.content(), bucket, nowMillis, round.ownSlots()),
                round);
    }

    @Override
    public List<Effect> start() {
        if (round.isHopeless()) {
            refused = true;
            return List.of(new Effect.Answer(round.refusal()));
        }
        var effects = new ArrayList<Effect>();
        effects.add(new Effect.StartTimer(Timer.DEADLINE));
        effects.addAll(writing.start());
        return effects;
    }

    @Override
    public List<Effect> on(Event event) {
        return isDone() ? List.of() : writing.on(event);
    }

    @Override
    public boolean isDone() {
        return refused || writing.isDone();
    }
}
