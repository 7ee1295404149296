package io.dynamokv.bench.run;

import io.dynamokv.bench.client.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The nodes in turn. One that refuses connections is left out for a moment, or else a closed loop would do little but count
 * refusals. Belongs to the event loop.
 */
final class Targets {
    static final Duration AVOIDANCE = Duration.ofMillis(100);

    private final List<Target> all;
    private final long[] refusedNanos;
    private final boolean[] refused;

    Targets(List<Target> all) {
        this.all = List.copyOf(all);
        refusedNanos = new long[all.size()];
        refused = new boolean[all.size()];
    }

    List<Target> all() {
        return all;
    }

    /** The node of this turn or the next one that is not left out; empty if all are. */
    Optional<Target> at(int turn, long nowNanos) {
        for (int i = 0; i < all.size(); i++) {
            int index = Math.floorMod(turn + i, all.size());
            if (!refused[index] || nowNanos - refusedNanos[index] > AVOIDANCE.toNanos()) {
                return Optional.of(all.get(index));
            }
        }
        return Optional.empty();
    }

    void refusedConnection(Target target, long nowNanos) {
        int index = all.indexOf(target);
        refused[index] = true;
        refusedNanos[index] = nowNanos;
    }
}
