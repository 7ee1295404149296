package io.dynamokv.node.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/** Answers requests that go no further, and gets rid of what they still have to say. */
final class TurnAway {
    /** How long a client that was turned away may go on sending: cut off at once, it might not see the answer. */
    private static final int LINGER_MILLIS = 1000;

    private static final int SHORT_BYTES_MAX = 256 << 10;

    private final Vertx vertx;

    TurnAway(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Nobody hears the answer, and of the end of the connection nobody would be told again: 1. a client sends a request behind another one, and not to its end;
     * 2. it hangs up; 3. the first one is answered, and the second one begins. What it is given to hold would be held for ever.
     */
    static boolean isGone(HttpServerRequest request) {
        return request.connection() instanceof ConnectionBase connection
                && !connection.channel().isOpen();
    }

    static boolean owesBody(HttpServerRequest request) {
        if (request.isEnded()) {
            return false;
        }
        String length = request.getHeader("Content-Length");
        if (length != null) {
            return !length.equals("0");
        }
        // In HTTP/2 a stream ends or goes on, and its head says nothing of it.
        return isStream(request)
                ? request.method().equals(HttpMethod.PUT)
                : request.getHeader("Transfer-Encoding") != null;
    }

    /** Its body comes when it has been told to go on, or perhaps never. */
    static boolean waitsForLeave(HttpServerRequest request) {
        return "100-continue".equalsIgnoreCase(request.getHeader("Expect"));
    }

    void answer(HttpServerRequest request, Problem problem) {
        getRidOf(request);
        problem.send(request.response());
    }

    /**
     * Of a body that may follow, or go on, before the request is answered: it is thrown away for a while; then, and not before it is answered, the client is
     * let go, for what it still sends would never end.
     */
    void getRidOf(HttpServerRequest request) {
        if (owesBody(request)) {
            announceClose(request);
            letGoSoon(request);
            request.handler(thrownAway -> {});
            request.endHandler(ended -> {
                if (request.response().ended()) {
                    letGo(request);
                }
            });
        }
        request.resume();
    }

    /**
     * As {@link #getRidOf}, by a node that has too much to do: to receive what it throws away costs, and so does a new connection. So the connection stays
     * usable behind a body that costs less than one, and a longer one is not read.
     */
    void getRidOfBusily(HttpServerRequest request) {
        if (isShort(request)) {
            long timer = letGoSoon(request);
            request.handler(thrownAway -> {});
            request.endHandler(ended -> vertx.cancelTimer(timer));
            request.resume();
        } else {
            request.pause();
            announceClose(request);
            letGoSoon(request);
        }
    }

    /** And on its way. */
    private static boolean isShort(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return length != null && Integer.parseInt(length) <= SHORT_BYTES_MAX && !waitsForLeave(request);
    }

    private static void announceClose(HttpServerRequest request) {
        if (!isStream(request)) {
            request.response().putHeader("Connection", "close");
        }
    }

    private long letGoSoon(HttpServerRequest request) {
        long timer = vertx.setTimer(LINGER_MILLIS, late -> letGo(request));
        // A connection has one close handler, which is the framework's: it counts connections.
        if (!isStream(request) && request.connection() instanceof ConnectionBase connection) {
            var _ = connection.channel().closeFuture().addListener(closed -> vertx.cancelTimer(timer));
        }
        return timer;
    }

    /** A connection of HTTP/1 cannot be used again. One of HTTP/2 carries other requests as well, whose outcomes would be unknown: only the stream goes. */
    static void letGo(HttpServerRequest request) {
        if (isStream(request)) {
            request.response().reset();
        } else {
            request.connection().close();
        }
    }

    static boolean isStream(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2;
    }
}
