package io.dynamokv.core.coordinator;

import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings a request from a node that owns no slot of its key to one that does (rule W1). When the first owner does not answer within the
 * hedge delay, or fails, the next one takes over with the same request id, so that at most one version comes of it (rule W4). When all owners
 * are down or have failed, the first live member of the walk coordinates in their place. If not one of them answers, those that are not down
 * are asked again at the next hedge: links that broke say little of the nodes behind them.
 *
 * <p>Once an attempt may have stored the write, a later refusal is answered "unknown" (rule W3): 1. owner A stores and dies; 2. owner B refuses;
 * 3. the client is told that nothing was stored; 4. A returns, and the value appears.
 */
public final class ForwardOperation implements Operation {
    private final ClientRequest request;
    private final int votesNeeded;
    private final List<NodeId> notAsked;
    private final Replicas replicas;
    /** An owner that refuses is alive, and nobody coordinates in its place. */
    private boolean answered;

    private boolean othersAreAsked;
    private final Set<NodeId> asked = new LinkedHashSet<>();
    private final Set<NodeId> lost = new LinkedHashSet<>();
    private boolean maybeStored;
    private int votesReceived;
    /** Why an owner would not have it, kept until no other attempt can store it any more. */
    private @Nullable Outcome rejection;

    private boolean done;

    public ForwardOperation(ClientRequest request, Replicas replicas) {
        this.request = request;
        this.replicas = replicas;
        notAsked = new ArrayList<>(replicas.ownersToAsk());
        askOthersIfNoOwnerIsLeft();
        votesNeeded = switch (request) {
            case ClientRequest.Get get -> get.readQuorum();
            case ClientRequest.Put put -> put.writeQuorum();
            case ClientRequest.Delete delete -> delete.writeQuorum();
        };
    }

    /** Slow owners are owners still: others are asked when all of them are lost. */
    private void askOthersIfNoOwnerIsLeft() {
        if (notAsked.isEmpty() && asked.isEmpty() && !answered && !othersAreAsked) {
            othersAreAsked = true;
            notAsked.addAll(replicas.othersToAsk());
        }
    }

    @Override
    public List<Effect> start() {
        if (notAsked.isEmpty()) {
            return giveUp();
        }
        var effects = new ArrayList<Effect>();
        effects.add(new Effect.StartTimer(Timer.DEADLINE));
        askNext(effects);
        hedgeAgain(effects);
        return effects;
    }

    private void askNext(List<Effect> effects) {
        NodeId next = notAsked.removeFirst();
        asked.add(next);
        effects.add(new Effect.Send(next, new PeerRequest.Execute(request)));
    }

    private void hedgeAgain(List<Effect> effects) {
        if (!notAsked.isEmpty() && mayBeRepeated()) {
            effects.add(new Effect.StartTimer(Timer.HEDGE));
        }
    }

    /** A delete without a context removes what it sees, and a second attempt might see more (rule W4). */
    private boolean mayBeRepeated() {
        return !(request instanceof ClientRequest.Delete delete) || delete.context() != null;
    }

    @Override
    public List<Effect> on(Event event) {
        if (done) {
            return List.of();
        }
        answered |= event instanceof Event.Replied;
        return switch (event) {
            case Event.Replied(NodeId from, PeerReply.Executed(Outcome outcome)) -> executed(from, outcome);
            case Event.Replied(NodeId from, PeerReply _) -> failed(from, false);
            case Event.Lost(NodeId to, boolean maybeDelivered) -> {
                lost.add(to);
                yield failed(to, maybeDelivered);
            }
            case Event.TimedOut(Timer timer) -> timer == Timer.HEDGE ? hedge() : deadline();
            case Event.Stored _, Event.Synced _ -> List.of();
        };
    }

    private List<Effect> executed(NodeId from, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Refused(int _, int received) -> {
                votesReceived = Math.max(votesReceived, received);
                yield failed(from, false);
            }
            case Outcome.Unknown(int _, int received) -> {
                votesReceived = Math.max(votesReceived, received);
                yield failed(from, true);
            }
            case Outcome.LimitExceeded _, Outcome.RequestIdReused _ -> {
                rejection = outcome;
                yield maybeStored || outstandingBut(from) ? failed(from, false) : answer(outcome);
            }
            case Outcome.Found _, Outcome.Written _ -> answer(outcome);
        };
    }

    /** Another attempt is under way and may store it yet. */
    private boolean outstandingBut(NodeId node) {
        return asked.size() > (asked.contains(node) ? 1 : 0);
    }

    private List<Effect> failed(NodeId node, boolean maybeDelivered) {
        if (!asked.remove(node)) {
            return List.of();
        }
        maybeStored |= maybeDelivered;
        askOthersIfNoOwnerIsLeft();
        var effects = new ArrayList<Effect>();
        boolean maySendAgain = mayBeRepeated() || !maybeStored;
        if (!notAsked.isEmpty() && maySendAgain) {
            askNext(effects);
        } else if (asked.isEmpty()) {
            if (maySendAgain && !answered) {
                lost.removeIf(replicas::isDown);
                notAsked.addAll(lost);
                lost.clear();
            }
            effects.addAll(
                    notAsked.isEmpty() || !maySendAgain ? giveUp() : List.of(new Effect.StartTimer(Timer.HEDGE)));
        }
        return effects;
    }

    private List<Effect> hedge() {
        var effects = new ArrayList<Effect>();
        if (!notAsked.isEmpty()) {
            askNext(effects);
            hedgeAgain(effects);
        }
        return effects;
    }

    private List<Effect> deadline() {
        maybeStored |= !asked.isEmpty();
        return giveUp();
    }

    private List<Effect> giveUp() {
        if (maybeStored && !(request instanceof ClientRequest.Get)) {
            return answer(new Outcome.Unknown(votesNeeded, votesReceived));
        }
        return answer(rejection == null ? new Outcome.Refused(votesNeeded, votesReceived) : rejection);
    }

    private List<Effect> answer(Outcome outcome) {
        done = true;
        return List.of(new Effect.Answer(outcome));
    }

    @Override
    public boolean isDone() {
        return done;
    }
}
