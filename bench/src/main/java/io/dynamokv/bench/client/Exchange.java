package io.dynamokv.bench.client;

import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request under way. Ends exactly once; belongs to the event loop. */
final class Exchange {
    private final @Nullable Buffer body;
    private final @Nullable String context;
    private final Consumer<Reply> then;
    private final Consumer<Exchange> whenEnded;
    private final long startedNanos = System.nanoTime();
    private @Nullable HttpClientRequest request;
    private boolean ended;

    Exchange(@Nullable Buffer body, @Nullable String context, Consumer<Reply> then, Consumer<Exchange> whenEnded) {
        this.body = body;
        this.context = context;
        this.then = then;
        this.whenEnded = whenEnded;
    }

    long ageNanos(long nowNanos) {
        return nowNanos - startedNanos;
    }

    /** Ends it without an answer and closes the connection. */
    void giveUp() {
        HttpClientRequest sent = request;
        end(sent == null ? Reply.Failure.NOT_SENT : Reply.Failure.TIMED_OUT);
        if (sent != null) {
            // It is counted; without a handler each would be logged besides.
            sent.exceptionHandler(reset -> {});
            sent.reset();
        }
    }

    void connected(AsyncResult<HttpClientRequest> result) {
        if (result.failed()) {
            end(Reply.Failure.NOT_SENT);
            return;
        }
        HttpClientRequest connected = result.result();
        if (ended) {
            connected.reset();
            return;
        }
        request = connected;
        if (context != null) {
            connected.putHeader(Reply.Answer.CONTEXT, context);
        }
        (body == null ? connected.send() : connected.send(body)).onComplete(this::responded);
    }

    private void responded(AsyncResult<HttpClientResponse> result) {
        if (result.failed()) {
            end(Reply.Failure.LOST);
            return;
        }
        HttpClientResponse response = result.result();
        response.body()
                .onComplete(read -> end(
                        read.failed()
                                ? Reply.Failure.LOST
                                : new Reply.Answer(response.statusCode(), response.headers(), read.result())));
    }

    private void end(Reply reply) {
        if (!ended) {
            ended = true;
            request = null;
            whenEnded.accept(this);
            then.accept(reply);
        }
    }
}
