package io.dynamokv.node.runtime;

import io.dynamokv.core.cluster.NodeId;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Says which tombstones of a shard went, at most once in a minute; and that they stay, at most once in an hour, if a member has kept all of them for
 * long. One that is away for a few minutes is no news.
 */
final class ReapLog {
    static final long REAPED_EVERY_MILLIS = TimeUnit.MINUTES.toMillis(1);
    static final long LONG_MILLIS = TimeUnit.MINUTES.toMillis(10);
    static final long STAY_EVERY_MILLIS = TimeUnit.HOURS.toMillis(1);

    private static final Logger LOG = Logger.getLogger(ReapLog.class);

    private final SortedSet<Integer> partitions = new TreeSet<>();
    private int reaped;
    private long nextReapedMillis;
    private long stayingSinceMillis;
    private long lastUnansweredMillis;
    private long nextStayMillis;

    ReapLog(long nowMillis) {
        nextReapedMillis = nowMillis;
        nextStayMillis = nowMillis;
        lastUnansweredMillis = nowMillis - LONG_MILLIS;
    }

    void reaped(int partition, int tombstones) {
        reaped += tombstones;
        partitions.add(partition);
    }

    void unanswered(NodeId member, long nowMillis) {
        if (nowMillis - lastUnansweredMillis >= LONG_MILLIS) {
            stayingSinceMillis = nowMillis;
        }
        lastUnansweredMillis = nowMillis;
        long millis = nowMillis - stayingSinceMillis;
        if (millis >= LONG_MILLIS && nowMillis >= nextStayMillis) {
            nextStayMillis = nowMillis + STAY_EVERY_MILLIS;
            LOG.warnf(
                    "Tombstones stay, for %d minutes now: member %s does not answer for them, or will not",
                    TimeUnit.MILLISECONDS.toMinutes(millis), member);
        }
    }

    void tick(long nowMillis) {
        if (reaped > 0 && nowMillis >= nextReapedMillis) {
            LOG.infof("%d tombstones of partitions %s went", reaped, partitions);
            nextReapedMillis = nowMillis + REAPED_EVERY_MILLIS;
            lastUnansweredMillis = nowMillis - LONG_MILLIS;
            reaped = 0;
            partitions.clear();
        }
    }
}
