package io.dynamokv.node.app;

import org.jboss.logging.Logger;

/** Whether clients' puts are refused because the disk is nearly full (rule W6). Says so when it begins and when it ends, and nothing while it lasts. */
final class DiskWatch {
    static final int TICK_MILLIS = 2000;

    private static final Logger LOG = Logger.getLogger(DiskWatch.class);

    private final int usedPercentMax;
    private boolean nearlyFull;

    DiskWatch(int usedPercentMax) {
        this.usedPercentMax = usedPercentMax;
    }

    /** On one thread, each time that somebody has looked. */
    boolean isNearlyFull(int usedPercent) {
        boolean now = usedPercent >= usedPercentMax;
        if (now && !nearlyFull) {
            LOG.warnf(
                    "The disk is nearly full: %d %% are used, and from %d %% on clients' puts are refused",
                    usedPercent, usedPercentMax);
        } else if (nearlyFull && !now) {
            LOG.infof(
                    "The disk has room again: %d %% are used, and below %d %% clients' puts are taken",
                    usedPercent, usedPercentMax);
        }
        nearlyFull = now;
        return now;
    }
}
