package io.dynamokv.node.runtime;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a newer map is fetched, and from whom: one at a time, and one that was refused not again soon, though every message of its holder tells
 * of it. For one thread.
 */
final class MapFetch {
    /** A request may be lost, and so may the reply. */
    static final int REPLY_MILLIS_MAX = 2000;
    /** A map that does not follow this node's own will not do so by itself. */
    static final int REFUSED_PAUSE_MILLIS = 30_000;

    private record Pause(Epoch epoch, long endMillis) {}

    private final Map<NodeId, Pause> pauses = new HashMap<>();
    private @Nullable NodeId asked;
    private Epoch wanted = Epoch.FIRST;
    private boolean adopting;
    private long deadlineMillis;

    /** Whether that node is to be asked now. */
    boolean wants(NodeId of, Epoch epoch, long nowMillis) {
        if (adopting || asked != null && nowMillis < deadlineMillis) {
            return false;
        }
        Pause pause = pauses.get(of);
        return pause == null || nowMillis >= pause.endMillis || epoch.isAfter(pause.epoch);
    }

    /** This node has another map: what did not follow the one before may follow this one. */
    void begunAnew() {
        pauses.clear();
    }

    void begin(NodeId of, Epoch epoch, long nowMillis) {
        asked = of;
        wanted = epoch;
        deadlineMillis = nowMillis + REPLY_MILLIS_MAX;
    }

    /** @return whether the map is to be looked at: only what was asked for is */
    boolean arrived(NodeId from) {
        if (adopting || !from.equals(asked)) {
            return false;
        }
        adopting = true;
        return true;
    }

    void ended(NodeId from, boolean adopted, long nowMillis) {
        asked = null;
        adopting = false;
        if (adopted) {
            pauses.remove(from);
        } else {
            pauses.put(from, new Pause(wanted, nowMillis + REFUSED_PAUSE_MILLIS));
        }
    }
}
