package io.dynamokv.node.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** Answers requests that go no further, and gets rid of what they still have to say. */
final class TurnAway {
    /** How long a client that was turned away may go on sending: cut off at once, it might not see the answer. */
    private static final int LINGER_MILLIS = 1000;

    private static final int SHORT_BYTES_MAX = 64 << 10;

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
            announceClose(request);
            closeSoon(request);
            request.handler(thrownAway -> {});
            request.endHandler(ended -> request.connection().close());
        }
        problem.send(request.response());
        request.resume();
    }

    /**
     * As {@link #answer}, by a node that has too much to do: to receive what it throws away would cost about as much as to store it, and new connections
     * cost too. So the connection stays usable behind a short body, and a long one is not read.
     */
    void answerBusily(HttpServerRequest request, Problem problem) {
        if (isShort(request)) {
            long timer = closeSoon(request);
            request.handler(thrownAway -> {});
            request.endHandler(ended -> vertx.cancelTimer(timer));
            problem.send(request.response());
            request.resume();
        } else {
            request.pause();
            announceClose(request);
            closeSoon(request);
            problem.send(request.response());
        }
    }

    /** And on its way. */
    private static boolean isShort(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return length != null && Integer.parseInt(length) <= SHORT_BYTES_MAX && !waitsForLeave(request);
    }

    private static void announceClose(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            request.response().putHeader("Connection", "close");
        }
    }

    private long closeSoon(HttpServerRequest request) {
        long timer = vertx.setTimer(LINGER_MILLIS, late -> request.connection().close());
        request.connection().closeHandler(closed -> vertx.cancelTimer(timer));
        return timer;
    }
}
