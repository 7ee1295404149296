package io.dynamokv.node.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * What an answer holds, from when it is known until it has left the node. A client that asks and does not fetch would else be given as much as it asks for:
 * the request ends when its answer is queued. One that has not fetched it for a long time is let go, even if it says something now and then.
 */
final class CountedAnswer {
    private static final String ANSWER = CountedAnswer.class.getName();
    /** A head, and what is kept of the request meanwhile. */
    private static final int BESIDE_BYTES = 1 << 10;
    /** One connection must not take what is there for all; of HTTP/1 it has one answer at a time. */
    private static final int PART_FOR_A_CONNECTION = 4;

    /** Of the reserve, so that a few large answers that nobody fetches refuse nothing to those who read small values. */
    private static final int SMALL_BYTES = 16 << 10;

    private final RoutingContext context;
    private final WayOut wayOut;
    private final ByteBudget budget;
    private final long fetchMillis;
    private long held;
    private boolean ended;

    private CountedAnswer(RoutingContext context, WayOut wayOut, ByteBudget budget, long fetchMillis) {
        this.context = context;
        this.wayOut = wayOut;
        this.budget = budget;
        this.fetchMillis = fetchMillis;
    }

    static void expect(RoutingContext context, WayOut wayOut, ByteBudget budget, long fetchMillis) {
        var answer = new CountedAnswer(context, wayOut, budget, fetchMillis);
        context.put(ANSWER, answer);
        context.addEndHandler(queued -> wayOut.onItsLoop(answer::end));
    }

    /** @return whether there is room for a body with values of so many bytes; then it is taken */
    static boolean take(RoutingContext context, int bytes) {
        CountedAnswer answer = context.get(ANSWER);
        return answer.take(bytes);
    }

    private boolean take(int bytes) {
        if (bytes == 0) {
            return true; // short ones are always given: what was stored must not be called refused
        }
        if (ended) {
            return false; // it would be counted by nobody
        }
        boolean isMuch = wayOut.held() > 0 && wayOut.held() + bytes > budget.bytesMax() / PART_FOR_A_CONNECTION;
        boolean isSmall = bytes <= SMALL_BYTES;
        if (isMuch || !(isSmall ? budget.takeOfReserve(bytes) : budget.takeOrBeAlone(bytes))) {
            return false;
        }
        held += bytes;
        wayOut.hold(bytes);
        return true;
    }

    /** Told once, when it is queued or the client is gone. */
    private void end() {
        HttpServerRequest request = context.request();
        ended = true;
        if (wayOut.hasLeft(request)) {
            hold(0);
            return;
        }
        // Of what waits behind another write not all is counted as written yet.
        hold(Math.max(held, BESIDE_BYTES + request.response().bytesWritten()));
        long timer = context.vertx().setTimer(fetchMillis, late -> wayOut.letGo(request));
        wayOut.whenLeft(request, () -> {
            context.vertx().cancelTimer(timer);
            hold(0);
        });
    }

    private void hold(long bytes) {
        budget.add(bytes - held);
        wayOut.hold(bytes - held);
        held = bytes;
    }
}
