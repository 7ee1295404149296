package io.dynamokv.node.app;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.node.port.PeerGate;
import io.dynamokv.node.storage.DataDirectory;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * Remembers the last start of each node, and turns away those before it: their directory was restored from an old copy, and what they issue
 * was issued before (rule N3). On disk soon after, for the rule is kept as well as can be until backups are built.
 */
final class PeerStarts implements PeerGate {
    private final Map<NodeId, BootId> newest = new ConcurrentHashMap<>();
    private final NodeId self;
    private final DataDirectory directory;
    private final Executor mayBlock;
    private final BiConsumer<NodeId, String> onTurnedAway;
    private final AtomicBoolean writing = new AtomicBoolean();
    private final AtomicBoolean turnedAway = new AtomicBoolean();

    /** @param onTurnedAway is told once, on whatever thread heard it */
    PeerStarts(DataDirectory directory, Executor mayBlock, BiConsumer<NodeId, String> onTurnedAway) {
        this.directory = directory;
        this.mayBlock = mayBlock;
        this.onTurnedAway = onTurnedAway;
        self = directory.nodeId();
        newest.putAll(directory.starts());
        newest.put(self, directory.boot());
    }

    @Override
    public Optional<String> whyNot(NodeId peer, BootId boot) {
        BootId known = newest.get(peer);
        if (boot.equals(known)) {
            return Optional.empty();
        }
        known = newest.merge(peer, boot, (before, now) -> now.number() > before.number() ? now : before);
        if (known.equals(boot)) {
            keep();
            return Optional.empty();
        }
        return Optional.of(
                known.number() == boot.number()
                        ? "node " + peer + " has start number " + boot.number()
                                + " twice: two processes run with one node's id"
                        : "node " + peer + " comes with start number " + boot.number() + ", and its start "
                                + known.number() + " is known here");
    }

    /** One write for all that came meanwhile. */
    private void keep() {
        if (writing.compareAndSet(false, true)) {
            mayBlock.execute(() -> {
                writing.set(false);
                Map<NodeId, BootId> others = new ConcurrentHashMap<>(newest);
                others.remove(self);
                directory.keepStarts(others);
            });
        }
    }

    @Override
    public void turnedAwayBy(NodeId peer, String why) {
        if (turnedAway.compareAndSet(false, true)) {
            onTurnedAway.accept(peer, why);
        }
    }
}
