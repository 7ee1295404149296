package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns what is heard of each peer into its liveness. A refused connection is DOWN at once; silence is SUSPECT, then DOWN. Silent is who was asked
 * and has not been heard since: a node that has nothing to ask needs no answers, and one that is late with its questions blames nobody. A gap between two ticks that is longer than silence may be says that this node itself was paused: nothing is concluded from it
 * (Lifeguard: discard what spans the own pause).
 */
public final class PeerMonitor {
    /**
     * @param suspectAfterMillis silence after which a peer is asked last
     * @param downAfterMillis silence after which a peer is not asked
     */
    public record Settings(int suspectAfterMillis, int downAfterMillis) {
        public static final Settings DEFAULT = new Settings(400, 1200);

        public Settings {
            if (suspectAfterMillis < 1 || downAfterMillis <= suspectAfterMillis) {
                throw new IllegalArgumentException("need 1 <= suspectAfterMillis < downAfterMillis, were "
                        + suspectAfterMillis + ", " + downAfterMillis);
            }
        }
    }

    /** A peer's liveness changed at this tick. */
    public record Change(NodeId peer, Liveness from, Liveness to) {}

    private static final class Peer {
        /** When it was first asked since it was last heard. */
        private long askedAtMillis;

        private Liveness liveness = Liveness.SUSPECT;

        private Peer(long nowMillis) {
            askedAtMillis = nowMillis;
        }

        private long silentMillis(long nowMillis) {
            return askedAtMillis == NOT_ASKED ? 0 : nowMillis - askedAtMillis;
        }

        private void forgive(long pauseMillis, long nowMillis) {
            if (askedAtMillis != NOT_ASKED) {
                askedAtMillis = Math.min(nowMillis, askedAtMillis + pauseMillis);
            }
        }
    }

    private static final long NOT_ASKED = Long.MAX_VALUE;

    private final Settings settings;
    private final Map<NodeId, Peer> peers = new LinkedHashMap<>();
    private long tickedAtMillis;

    public PeerMonitor(Settings settings, long nowMillis) {
        this.settings = settings;
        tickedAtMillis = nowMillis;
    }

    /** A peer begins as SUSPECT: it may be asked, after those that are known to be alive. */
    public void add(NodeId peer, long nowMillis) {
        peers.putIfAbsent(peer, new Peer(nowMillis));
    }

    public Liveness liveness(NodeId peer) {
        Peer known = peers.get(peer);
        return known == null ? Liveness.DOWN : known.liveness;
    }

    /** Anything at all came from the peer. */
    public List<Change> heard(NodeId peer) {
        Peer known = peers.get(peer);
        if (known == null) {
            return List.of();
        }
        known.askedAtMillis = NOT_ASKED;
        return become(peer, known, Liveness.ALIVE);
    }

    /** The peer must show a sign of life from now on; that it cannot be sent to is no excuse. */
    public void asked(NodeId peer, long nowMillis) {
        Peer known = peers.get(peer);
        if (known != null && known.askedAtMillis == NOT_ASKED) {
            known.askedAtMillis = nowMillis;
        }
    }

    /** Its machine says that nothing listens there. */
    public List<Change> refused(NodeId peer) {
        Peer known = peers.get(peer);
        return known == null ? List.of() : become(peer, known, Liveness.DOWN);
    }

    public List<Change> tick(long nowMillis) {
        long gapMillis = nowMillis - tickedAtMillis;
        tickedAtMillis = nowMillis;
        if (gapMillis >= settings.suspectAfterMillis()) {
            peers.values().forEach(peer -> peer.forgive(gapMillis, nowMillis));
        }
        var changes = new ArrayList<Change>();
        peers.forEach((id, peer) -> {
            long silentMillis = peer.silentMillis(nowMillis);
            if (silentMillis >= settings.downAfterMillis()) {
                changes.addAll(become(id, peer, Liveness.DOWN));
            } else if (silentMillis >= settings.suspectAfterMillis() && peer.liveness == Liveness.ALIVE) {
                changes.addAll(become(id, peer, Liveness.SUSPECT));
            }
        });
        return changes;
    }

    private static List<Change> become(NodeId id, Peer peer, Liveness to) {
        if (peer.liveness == to) {
            return List.of();
        }
        var change = new Change(id, peer.liveness, to);
        peer.liveness = to;
        return List.of(change);
    }
}
