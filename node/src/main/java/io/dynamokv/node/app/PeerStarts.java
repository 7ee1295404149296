package io.dynamokv.node.app;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.membership.KnownStarts;
import io.dynamokv.node.port.PeerGate;
import io.dynamokv.node.storage.DataDirectory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * Remembers the last start of each node, and turns away those before it: their directory was restored from an old copy, and what they issue
 * was issued before (rule N3). On disk soon after, for the rule is kept as well as can be until backups are built.
 */
final class PeerStarts implements PeerGate {
    private final KnownStarts known;
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
        Map<NodeId, BootId> newest = new HashMap<>(directory.starts());
        newest.put(self, directory.boot());
        known = new KnownStarts(newest);
    }

    @Override
    public Optional<String> whyNot(NodeId peer, BootId boot) {
        KnownStarts.Meeting meeting;
        synchronized (known) {
            meeting = known.meet(peer, boot);
        }
        return switch (meeting) {
            case KnownStarts.Meeting.Known() -> Optional.empty();
            case KnownStarts.Meeting.Newer() -> {
                keep();
                yield Optional.empty();
            }
            case KnownStarts.Meeting.TurnedAway(String why) -> Optional.of(why);
        };
    }

    /** One write for all that came meanwhile. */
    private void keep() {
        if (writing.compareAndSet(false, true)) {
            mayBlock.execute(() -> {
                writing.set(false);
                Map<NodeId, BootId> others;
                synchronized (known) {
                    others = known.newest();
                }
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
