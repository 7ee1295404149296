package io.dynamokv.core.membership;

/**
 * How fast {@link Swim} finds the dead, and what it may cost. The defaults are those of SWIM over a local network (memberlist); what
 * differs is said.
 */
public record SwimSettings(Probing probing, Suspecting suspecting, Gossiping gossiping) {
    public static final SwimSettings DEFAULT = new SwimSettings(Probing.DEFAULT, Suspecting.DEFAULT, Gossiping.DEFAULT);

    /**
     * @param periodMillis between two probes of one node
     * @param timeoutMillis without an answer after which others are asked to ping too
     * @param indirectProbes how many others are asked
     * @param healthScoreMax a node that finds itself unwell takes up to {@code 1 + healthScoreMax} times as long (Lifeguard)
     * @param pauseMillis without a tick after which the node was itself paused, and concludes nothing
     */
    public record Probing(
            int periodMillis, int timeoutMillis, int indirectProbes, int healthScoreMax, int pauseMillis) {
        public static final Probing DEFAULT = new Probing(1000, 500, 3, 8, 1000);

        public Probing {
            requireRange("periodMillis", periodMillis, 20, 60_000);
            // Nacks need the other half of the period to come back.
            requireRange("timeoutMillis", timeoutMillis, 10, periodMillis / 2);
            requireRange("indirectProbes", indirectProbes, 0, 10);
            requireRange("healthScoreMax", healthScoreMax, 0, 20);
            requireRange("pauseMillis", pauseMillis, timeoutMillis, 60_000);
        }
    }

    /**
     * A suspect is down after {@code multiplier * log10(n + 1)} probe periods that shrink to {@code minMillis} as others confirm it.
     *
     * @param confirmations by other accusers at which {@code minMillis} is reached (Lifeguard's K)
     */
    public record Suspecting(int multiplier, int minMillis, int confirmations) {
        public static final Suspecting DEFAULT = new Suspecting(4, 1000, 3);

        public Suspecting {
            requireRange("multiplier", multiplier, 1, 100);
            requireRange("minMillis", minMillis, 10, 60_000);
            requireRange("confirmations", confirmations, 0, 10);
        }
    }

    /**
     * @param periodMillis between two rounds of gossip, of which there are none without news
     * @param fanout how many members hear the news in one round
     * @param retransmitMultiplier one node passes one update on {@code retransmitMultiplier * ceil(log10(n + 1))} times; the
     *     usual 4 lets one of nine nodes miss one update in 250
     * @param messageBytesMax of all messages but syncs; the default stays below an Ethernet frame
     * @param syncPeriodMillis between two syncs with a random member in a cluster of up to {@value #SYNC_MEMBERS}; larger ones sync less
     *     often in proportion, so that the cost per node does not grow with the cluster
     */
    public record Gossiping(
            int periodMillis, int fanout, int retransmitMultiplier, int messageBytesMax, int syncPeriodMillis) {
        public static final Gossiping DEFAULT = new Gossiping(200, 3, 6, 1400, 30_000);

        /** The sender's word, the receiver's, one rumour however long, and what else there is. */
        private static final int MESSAGE_BYTES_MIN = 4 * Update.BYTES_MAX;

        public Gossiping {
            requireRange("periodMillis", periodMillis, 10, 60_000);
            requireRange("fanout", fanout, 0, 20);
            requireRange("retransmitMultiplier", retransmitMultiplier, 1, 100);
            requireRange("messageBytesMax", messageBytesMax, MESSAGE_BYTES_MIN, 65_536);
            requireRange("syncPeriodMillis", syncPeriodMillis, 1000, 3_600_000);
        }
    }

    static final int SYNC_MEMBERS = 16;

    /** How often one node passes one update on. */
    int retransmitsMax(int members) {
        return gossiping.retransmitMultiplier() * (int) StrictMath.ceil(StrictMath.log10(members + 1.0));
    }

    Suspicion.Span suspicionSpan(int members) {
        long maxMillis =
                StrictMath.round(suspecting.multiplier() * StrictMath.log10(members + 1.0) * probing.periodMillis());
        int others = Math.max(0, members - 2);
        return new Suspicion.Span(
                suspecting.minMillis(),
                Math.max(suspecting.minMillis(), maxMillis),
                Math.min(suspecting.confirmations(), others));
    }

    long syncPeriodMillis(int members) {
        return (long) gossiping.syncPeriodMillis() * Math.max(SYNC_MEMBERS, members) / SYNC_MEMBERS;
    }

    private static void requireRange(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " must be " + min + ".." + max + ", was " + value);
        }
    }
}
