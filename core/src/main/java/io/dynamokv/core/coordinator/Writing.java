package io.dynamokv.core.coordinator;

import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A write from its own store to its answer, as put and delete share it: execute at this replica, replicate what it then holds, answer when W have it
 * durably. From the moment the store took it, whatever fails is answered "unknown" (rule W3).
 */
final class Writing {
    private final StoreOperation operation;
    private final ReplicationRound round;
    private @Nullable VersionedRecord held;
    private boolean done;

    Writing(StoreOperation operation, ReplicationRound round) {
        this.operation = operation;
        this.round = round;
    }

    List<Effect> start() {
        return List.of(new Effect.Store(operation));
    }

    List<Effect> on(Event event) {
        if (done) {
            return List.of();
        }
        return switch (event) {
            case Event.Stored(StoreResult result) -> stored(result);
            case Event.TimedOut(Timer timer) -> timer == Timer.DEADLINE ? answer(round.unknown()) : counted(event);
            case Event.Synced _, Event.Replied _, Event.Lost _ -> counted(event);
        };
    }

    private List<Effect> stored(StoreResult result) {
        return switch (result) {
            case StoreResult.Held(VersionedRecord record) -> {
                held = record;
                yield new ArrayList<>(round.begin(record));
            }
            case StoreResult.LimitExceeded(String limit, long value, long max) ->
                answer(new Outcome.LimitExceeded(limit, value, max));
            case StoreResult.RequestIdReused() -> answer(new Outcome.RequestIdReused());
            case StoreResult.Failed _ -> answer(round.unknown());
        };
    }

    private List<Effect> counted(Event event) {
        if (held == null) {
            return List.of();
        }
        List<Effect> more = round.on(event, held);
        return switch (round.verdict()) {
            case PENDING -> more;
            case MET -> answer(written());
            case IMPOSSIBLE -> answer(round.unknown());
        };
    }

    /**
     * A version that a delete left is one that its client never saw, and so is the one that is there when a put is repeated that was overwritten
     * meanwhile; only a put's own may be covered by what comes back (rule D4).
     */
    private Outcome written() {
        if (operation instanceof StoreOperation.Put put
                && held != null
                && held.siblings().size() == 1
                && held.holds(put.content())) {
            return new Outcome.Written(held.context(), round.isSloppy());
        }
        return new Outcome.Written(null, round.isSloppy());
    }

    private List<Effect> answer(Outcome outcome) {
        done = true;
        return List.of(new Effect.Answer(outcome));
    }

    boolean isDone() {
        return done;
    }
}
