package io.dynamokv.local.balancer;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.httpproxy.ProxyResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One client's request from its last byte to its answer. A read goes to one more node whenever one failed or has been silent for the
 * hedge delay; the first complete answer counts. A write goes to one node only, and to another only while none can have seen it: once
 * sent and not answered, its outcome is unknown and is called so (rule W3).
 */
final class Exchange {
    /** Where a balancer's exchanges take place. */
    record Surroundings(Vertx vertx, BalancerSettings settings, HttpClient client, List<Target> targets) {}

    private final Surroundings at;
    private final Attempt.Message message;
    private final boolean read;
    private final int rotation;
    private final Runnable whenDone;
    private final Set<Integer> tried = new HashSet<>();
    private final List<Attempt> inFlight = new ArrayList<>();
    private final long deadlineTimer;
    private final long hedgeTimer;
    private boolean done;

    private Exchange(Surroundings at, Attempt.Message message, int rotation, Runnable whenDone) {
        this.at = at;
        this.message = message;
        this.rotation = rotation;
        this.whenDone = whenDone;
        HttpMethod method = message.from().method();
        read = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        deadlineTimer = at.vertx().setTimer(at.settings().answerMillis(), _ -> timeIsUp());
        hedgeTimer = read ? at.vertx().setPeriodic(at.settings().hedgeMillis(), _ -> tryNext()) : -1;
    }

    static void begin(Surroundings at, Attempt.Message message, int rotation, Runnable whenDone) {
        var exchange = new Exchange(at, message, rotation, whenDone);
        message.from().response().closeHandler(_ -> exchange.end());
        exchange.proceed();
    }

    private void proceed() {
        if (!tryNext() && inFlight.isEmpty()) {
            fail(Problem.UNAVAILABLE, tried.isEmpty() ? "No node is healthy." : "None of the nodes could be reached.");
        }
    }

    /** Whether there was another node to try. */
    private boolean tryNext() {
        if (done) {
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
        inFlight.add(attempt);
        attempt.outcome().onSuccess(outcome -> {
            inFlight.remove(attempt);
            if (!done) {
                concluded(outcome);
            }
        });
        return true;
    }

    private void concluded(Attempt.Outcome outcome) {
        switch (outcome) {
            case Attempt.Outcome.Answered(ProxyResponse response) -> passOn(response);
            case Attempt.Outcome.TooLarge _ ->
                fail(
                        read ? Problem.BAD_ANSWER : Problem.OUTCOME_UNKNOWN,
                        "A node's answer was larger than the balancer passes on.");
            case Attempt.Outcome.NotReached _, Attempt.Outcome.Abandoned _ -> proceed();
            case Attempt.Outcome.Lost _ -> {
                if (read) {
                    proceed();
                } else {
                    outcomeIsUnknown();
                }
            }
        }
    }

    private void timeIsUp() {
        if (done) {
            return;
        }
        if (read) {
            fail(Problem.NO_ANSWER, "No node answered within " + at.settings().answerMillis() + " ms.");
        } else if (inFlight.stream().anyMatch(Attempt::isSent)) {
            outcomeIsUnknown();
        } else {
            fail(Problem.UNAVAILABLE, "No node could be reached in time; nothing was stored.");
        }
    }

    private void outcomeIsUnknown() {
        fail(
                Problem.OUTCOME_UNKNOWN,
                "The request reached a node that did not answer: it may or may not have been carried out. Read the key to learn which.");
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
        if (hedgeTimer >= 0) {
            at.vertx().cancelTimer(hedgeTimer);
        }
        List.copyOf(inFlight).forEach(Attempt::abandonUnlessSent);
        whenDone.run();
    }
}
