package io.dynamokv.node.http;

import io.dynamokv.node.port.Figure;
import io.dynamokv.node.port.NodeFigures;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;

/**
 * Refusals of a node that has no room. To refuse is work as well, and whoever hears it at once asks again: a node that is asked by enough
 * connections would do nothing else. A connection says nothing new before it is answered, so one that is refused by a node that is late waits, the
 * longer the later the node is.
 */
final class RefusalTurns {
    private static final int LATE_MILLIS_MIN = 10;
    private static final int TIMES_LATE = 10;
    /** A client expects an answer within a second. */
    private static final int WAIT_MILLIS_MAX = 500;

    private final Vertx vertx;
    private final NodeFigures figures;

    RefusalTurns(Vertx vertx, NodeFigures figures) {
        this.vertx = vertx;
        this.figures = figures;
    }

    void send(HttpServerResponse response, Problem problem) {
        long waitMillis = waitMillis(figures.figure(Figure.SHARD_LATE_MILLIS).orElse(0));
        if (waitMillis == 0) {
            problem.send(response);
            return;
        }
        vertx.setTimer(waitMillis, turn -> {
            if (!response.closed() && !response.ended()) {
                problem.send(response);
            }
        });
    }

    /** @param lateMillis how long the node's work waits before it is begun */
    static long waitMillis(long lateMillis) {
        return lateMillis < LATE_MILLIS_MIN ? 0 : Math.min(TIMES_LATE * lateMillis, WAIT_MILLIS_MAX);
    }
}
