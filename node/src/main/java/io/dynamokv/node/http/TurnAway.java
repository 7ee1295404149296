package io.dynamokv.node.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** Answers requests that go no further, and gets rid of what they still have to say. */
final class TurnAway {
    /** How long a client that was turned away may go on sending: cut off at once, it might not see the answer. */
    private static final int LINGER_MILLIS = 1000;

    private final Vertx vertx;

    TurnAway(Vertx vertx) {
        this.vertx = vertx;
    }

    static boolean owesBody(HttpServerRequest request) {
        if (request.isEnded()) {
            return false;
        }
        String length = request.getHeader("Content-Length");
        return length == null ? request.getHeader("Transfer-Encoding") != null : !length.equals("0");
    }

    /** Its body comes when it has been told to go on, or perhaps never. */
    static boolean waitsForLeave(HttpServerRequest request) {
        return "100-continue".equalsIgnoreCase(request.getHeader("Expect"));
    }

    /** A body that may follow is thrown away for a while; then the connection is closed, for it cannot be used again. */
    void answer(HttpServerRequest request, Problem problem) {
        if (owesBody(request)) {
            if (request.version() != HttpVersion.HTTP_2) {
                request.response().putHeader("Connection", "close");
            }
            throwAwayTheRest(request);
            request.endHandler(ended -> request.connection().close());
        }
        problem.send(request.response());
        request.resume();
    }

    /**
     * As {@link #answer}, but who may come again keeps the connection, if the end of the body is known: new connections are the last thing that
     * a node needs which has too much to do.
     */
    void answerAndGoOn(HttpServerRequest request, Problem problem) {
        if (request.getHeader("Content-Length") == null || waitsForLeave(request)) {
            answer(request, problem);
            return;
        }
        long timer = throwAwayTheRest(request);
        request.endHandler(ended -> vertx.cancelTimer(timer));
        problem.send(request.response());
        request.resume();
    }

    private long throwAwayTheRest(HttpServerRequest request) {
        request.handler(thrownAway -> {});
        long timer = vertx.setTimer(LINGER_MILLIS, late -> request.connection().close());
        request.connection().closeHandler(closed -> vertx.cancelTimer(timer));
        return timer;
    }
}
