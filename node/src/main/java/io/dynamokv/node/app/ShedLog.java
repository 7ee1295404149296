package io.dynamokv.node.app;

import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Says when a node begins to refuse requests because too much is under way, and when it has refused none for a minute: so it says each at most once in a
 * minute, however often the limit is reached.
 */
final class ShedLog {
    static final int TICK_MILLIS = 2000;
    static final long QUIET_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private static final Logger LOG = Logger.getLogger(ShedLog.class);

    /** @param refused since the start */
    record Seen(long refused, long underWay, long underWayMax) {}

    private boolean shedding;
    private long refusedBefore;
    private long refusedLast;
    private long lastMillis;

    /** On one thread, every few seconds. */
    void look(Seen seen, long nowMillis) {
        if (seen.refused() > refusedLast) {
            if (!shedding) {
                shedding = true;
                refusedBefore = refusedLast;
                LOG.warnf(
                        "Too much is under way, and requests are refused: %d so far; %d are under way now, and %d may be",
                        seen.refused() - refusedBefore, seen.underWay(), seen.underWayMax());
            }
            refusedLast = seen.refused();
            lastMillis = nowMillis;
        } else if (shedding && nowMillis - lastMillis >= QUIET_MILLIS) {
            shedding = false;
            LOG.infof(
                    "No request was refused for a minute, %d were before that; %d are under way now, and %d may be",
                    refusedLast - refusedBefore, seen.underWay(), seen.underWayMax());
        }
    }
}
