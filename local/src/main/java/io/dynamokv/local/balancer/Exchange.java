package io.dynamokv.local.balancer;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.httpproxy.ProxyResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One client's request from its last byte to its answer. A read goes to one more node whenever one failed or has been silent for the
 * hedge delay; the first complete answer counts. A write goes to one more node while none can have seen it; once it was sent and not
 * confirmed, {@link Repetition} says whether it goes to a second one under the same request id. What stays unknown is called so (rule W3).
 */
final class Exchange {
    private static final String CONTEXT = "X-Dynamo-Context";
    private static final String UNKNOWN =
            "The request reached a node that did not confirm it: it may or may not have been carried out. Read the key to learn which.";

    /** Where a balancer's exchanges take place. */
    record Surroundings(Vertx vertx, BalancerSettings settings, HttpClient client, List<Target> targets) {}

    private final Surroundings at;
    private final Attempt.Message message;
    private final Repetition repetition;
    private final int rotation;
    private final Runnable whenDone;
    private final Set<Integer> tried = new HashSet<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private final long deadlineTimer;
    private final long silenceTimer;
    private boolean done;

    private Exchange(Surroundings at, Attempt.Message message, int rotation, Runnable whenDone) {
        this.at = at;
        this.message = message;
        this.rotation = rotation;
        this.whenDone = whenDone;
        repetition = Repetition.of(message.from().method(), message.from().getHeader(CONTEXT));
        deadlineTimer = at.vertx().setTimer(at.settings().answerMillis(), _ -> timeIsUp());
        silenceTimer = at.vertx().setPeriodic(silenceMillis(), _ -> tryNext());
    }

    static void begin(Surroundings at, Attempt.Message message, int rotation, Runnable whenDone) {
        var exchange = new Exchange(at, message, rotation, whenDone);
        message.from().response().closeHandler(_ -> exchange.end());
        exchange.proceed();
    }

    private long silenceMillis() {
        return repetition == Repetition.AT_EVERY_NODE
                ? at.settings().hedgeMillis()
                : at.settings().repeatMillis();
    }

    private void proceed() {
        if (!tryNext() && attempts.stream().noneMatch(Attempt::isUnderWay)) {
            giveUp(
                    repetition.whenNobodyIsLeft(count(Attempt::isSent)),
                    tried.isEmpty()
                            ? "No node is healthy."
                            : "None of the nodes could be reached, or those that could are not serving.");
        }
    }

    private int count(Predicate<Attempt> which) {
        return Math.toIntExact(attempts.stream().filter(which).count());
    }

    /** Whether it may go to another node, and there was one to try. */
    private boolean tryNext() {
        if (done || !repetition.allowsOneMore(count(Attempt::mayBeSent))) {
            return false;
        }
        List<Choice.Candidate> candidates =
                at.targets().stream().map(Target::asCandidate).toList();
        OptionalInt next = Choice.next(candidates, tried, rotation);
        if (next.isEmpty()) {
            return false;
        }
        tried.add(next.getAsInt());
        Target target = at.targets().get(next.getAsInt());
        Attempt attempt = Attempt.begin(at.vertx(), at.settings(), at.client(), target, message);
        attempts.add(attempt);
        attempt.outcome().onSuccess(outcome -> {
            if (!done) {
                concluded(outcome);
            }
        });
        return true;
    }

    private void concluded(Attempt.Outcome outcome) {
        switch (outcome) {
            case Attempt.Outcome.Answered(ProxyResponse response) -> {
                if (repetition.isSettledBy(response.getStatusCode(), count(Attempt::isSent))) {
                    passOn(response);
                } else {
                    proceed();
                }
            }
            case Attempt.Outcome.TooLarge _ -> {
                if (repetition == Repetition.AT_EVERY_NODE) {
                    fail(Problem.BAD_ANSWER, "A node's answer was larger than the balancer passes on.");
                } else {
                    proceed();
                }
            }
            case Attempt.Outcome.NotReached _,
                    Attempt.Outcome.TurnedAway _,
                    Attempt.Outcome.Abandoned _,
                    Attempt.Outcome.Lost _ -> proceed();
        }
    }

    private void timeIsUp() {
        if (!done) {
            giveUp(
                    repetition.whenTimeIsUp(count(Attempt::isSent)),
                    "No node answered within " + at.settings().answerMillis() + " ms.");
        }
    }

    private void giveUp(Problem problem, String detail) {
        fail(problem, problem == Problem.OUTCOME_UNKNOWN ? UNKNOWN : detail);
    }

    private void passOn(ProxyResponse response) {
        end();
        HttpServerResponse client = message.from().response();
        if (client.closed() || client.ended()) {
            return;
        }
        response.putHeader(RequestIds.HEADER, message.requestId());
        response.send();
    }

    private void fail(Problem problem, String detail) {
        end();
        problem.send(message.from().response(), message.requestId(), detail);
    }

    private void end() {
        if (done) {
            return;
        }
        done = true;
        at.vertx().cancelTimer(deadlineTimer);
        at.vertx().cancelTimer(silenceTimer);
        attempts.forEach(Attempt::abandonUnlessSent);
        whenDone.run();
    }
}
