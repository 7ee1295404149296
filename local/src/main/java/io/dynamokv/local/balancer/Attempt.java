package io.dynamokv.local.balancer;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.streams.ReadStream;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import org.jspecify.annotations.Nullable;

/**
 * One request sent to one node. Its outcome says whether the node may have seen it, which is what decides about a repetition (rule W3).
 * An attempt lives on after its client was answered by another one, up to its own time-out: only so is a node that stopped known as
 * such.
 */
final class Attempt {
    /** What became of it. */
    sealed interface Outcome {
        /** The node answered, completely. */
        record Answered(ProxyResponse response) implements Outcome {}

        /** No byte of the request reached the node. */
        record NotReached(String reason) implements Outcome {}

        /** The node began nothing of it: it has not joined, or it stops. */
        record TurnedAway() implements Outcome {}

        /** It was given up before anything was sent; that says nothing about the node. */
        record Abandoned() implements Outcome {}

        /** The request was sent, and no complete answer came back. */
        record Lost(String reason) implements Outcome {}

        /** The answer is larger than the balancer holds. */
        record TooLarge() implements Outcome {}
    }

    /** What every attempt at a request sends. */
    record Message(HttpServerRequest from, String uri, String requestId, Buffer body) {}

    private final Vertx vertx;
    private final BalancerSettings settings;
    private final Target target;
    private final Message message;
    private final Promise<Outcome> outcome = Promise.promise();
    private final long overdueTimer;
    private final long deadlineTimer;
    private boolean overdue;
    private boolean sent;
    private boolean concluded;
    private @Nullable HttpClientRequest request;

    private Attempt(Vertx vertx, BalancerSettings settings, Target target, Message message) {
        this.vertx = vertx;
        this.settings = settings;
        this.target = target;
        this.message = message;
        target.requestBegan();
        overdueTimer = vertx.setTimer(settings.hedgeMillis(), _ -> {
            overdue = true;
            target.requestIsOverdue();
        });
        deadlineTimer = vertx.setTimer(settings.answerMillis(), _ -> {
            String reason = "it did not answer a request";
            conclude(sent ? new Outcome.Lost(reason) : new Outcome.NotReached(reason));
        });
    }

    static Attempt begin(Vertx vertx, BalancerSettings settings, HttpClient client, Target target, Message message) {
        var attempt = new Attempt(vertx, settings, target, message);
        var options = new RequestOptions()
                .setServer(target.backend().http())
                .setHost(target.backend().http().host())
                .setPort(target.backend().http().port())
                .setMethod(message.from().method())
                .setURI(message.uri())
                .setConnectTimeout(settings.connectMillis());
        client.request(options).onComplete(attempt::connected);
        return attempt;
    }

    Future<Outcome> outcome() {
        return outcome.future();
    }

    /** Whether its node may have begun it. */
    boolean isSent() {
        return sent;
    }

    boolean isUnderWay() {
        return !concluded;
    }

    /** Whether its node has seen it, or may yet. */
    boolean mayBeSent() {
        return sent || isUnderWay();
    }

    /** From here on this attempt sends nothing any more; one that was sent is not taken back. */
    void abandonUnlessSent() {
        if (!sent) {
            conclude(new Outcome.Abandoned());
        }
    }

    private void connected(AsyncResult<HttpClientRequest> connection) {
        if (concluded) {
            if (connection.succeeded()) {
                connection.result().reset();
            }
            return;
        }
        if (connection.failed()) {
            conclude(new Outcome.NotReached("it takes no connection"));
            return;
        }
        request = connection.result();
        sent = true;
        ProxyRequest proxied = ProxyRequest.reverseProxy(message.from())
                .setURI(message.uri())
                .putHeader(RequestIds.HEADER, message.requestId())
                .setBody(Body.body(message.body()));
        proxied.send(connection.result()).onComplete(answer -> {
            if (answer.failed()) {
                conclude(new Outcome.Lost("the connection broke"));
            } else {
                collect(answer.result());
            }
        });
        // The proxy would break off the node's request when the client goes away, and that would look like a failure of
        // the node.
        message.from().response().exceptionHandler(_ -> {});
    }

    /** Holds the answer until it is complete: one that breaks off half-way has not reached the client yet and can be asked for again. */
    private void collect(ProxyResponse response) {
        Buffer body = Buffer.buffer();
        ReadStream<Buffer> stream = response.getBody().stream();
        stream.exceptionHandler(_ -> conclude(new Outcome.Lost("the connection broke")));
        stream.endHandler(_ -> {
            if (Problem.isNotServing(response, body)) {
                sent = false;
                conclude(new Outcome.TurnedAway());
            } else {
                Answers.complete(response, body);
                conclude(new Outcome.Answered(response));
            }
        });
        stream.handler(part -> {
            body.appendBuffer(part);
            if (body.length() > settings.answerBytesMax()) {
                conclude(new Outcome.TooLarge());
            }
        });
        stream.resume();
    }

    private void conclude(Outcome result) {
        if (concluded) {
            return;
        }
        // Before anything else: breaking the request off reports its failure to this very method.
        concluded = true;
        vertx.cancelTimer(overdueTimer);
        vertx.cancelTimer(deadlineTimer);
        target.requestEnded(overdue);
        switch (result) {
            case Outcome.Answered _, Outcome.Abandoned _ -> {}
            case Outcome.TooLarge _ -> reset();
            case Outcome.NotReached(String reason) -> target.requestFailed(reason);
            case Outcome.TurnedAway _ -> target.requestFailed("it is not serving");
            case Outcome.Lost(String reason) -> {
                reset();
                target.requestFailed(reason);
            }
        }
        outcome.complete(result);
    }

    private void reset() {
        if (request != null) {
            request.reset();
        }
    }
}
