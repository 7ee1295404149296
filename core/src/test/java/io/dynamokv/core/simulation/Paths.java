package io.dynamokv.core.simulation;

import java.util.EnumMap;
import java.util.Map;

/** How often each rare thing happened: a simulation that never sees one says nothing about it. */
final class Paths {
    /** What is rare. */
    enum Path {
        TAKEOVER("the next owner took over"),
        REPEATED_ID("a repeat found its own write"),
        OUTCOME_UNKNOWN("a write's outcome stayed unknown"),
        REFUSED("too few owners"),
        CONFLICT("a read found siblings"),
        STALE_REPLICA_REPAIRED("a read repaired a replica"),
        TAIL_LOST("a crash took batches that were not synced"),
        FRESH_WRITER("a start drew a fresh writer for a key that it had written"),
        DELIVERED_TWICE("a message came twice"),
        ONE_WAY_CUT("a link was cut one way"),
        BOTH_SIDES_WROTE("nodes of both sides of a cut acknowledged writes"),
        PAUSE("a node stood still and went on"),
        CLOCK_SET_BACK("a clock was set back"),
        CLOCK_SET_FORWARD("a clock was set forward"),
        SUPERSEDED_COPY_REMOVED("a second coordinator's copy went with what was overwritten"),
        TOMBSTONE_READ("a read found a tombstone"),
        STAND_IN_WRITE("a stand-in kept a write for an owner"),
        STAND_IN_READ("a stand-in's voice was counted in a read"),
        STAND_IN_COORDINATED("a stand-in coordinated for another node"),
        HINT_REPLAYED("an owner confirmed what was kept for it"),
        HINT_KEPT("a hint stayed, for it had changed since it was sent"),
        REAPED("a tombstone was reaped"),
        EXCHANGE_MOVED("an exchange moved records"),
        MISSED_WRITE_EXCHANGED("an exchange moved records to or from an owner that had missed a write"),
        NEXT_TURN_NEEDED("owners that owed each other nothing differed until their next turn"),
        DOWN_BY_LINKS("a node found by its own links that another was down"),
        DOWN_BY_GOSSIP("gossip told a node that another was down"),
        REFUTED("a node refuted what gossip said of it"),
        DISK_LOST("a node lost its disk"),
        LOST_WITH_ITS_DISKS("all disks were lost that had acknowledged a write"),
        ROLLBACK_FOUND("a directory that was restored from an old copy was turned away");

        private final String says;

        Path(String says) {
            this.says = says;
        }

        @Override
        public String toString() {
            return says;
        }
    }

    private final Map<Path, Long> counts = new EnumMap<>(Path.class);

    void took(Path path) {
        counts.merge(path, 1L, Long::sum);
    }

    void add(Paths others) {
        others.counts.forEach((path, count) -> counts.merge(path, count, Long::sum));
    }

    long count(Path path) {
        return counts.getOrDefault(path, 0L);
    }
}
