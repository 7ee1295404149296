package io.dynamokv.core.coordinator;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.quorum.Tally;
import io.dynamokv.core.quorum.Verdict;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The second half of every write: the coordinator's record goes to the other owners, and to a stand-in for each that is down or gets lost (Dynamo
 * 4.6); W of them must have it durably. An owner that is lost, and that nobody stands in for, gets it again at the next hedge unless it is down by
 * then: a link that broke says little of the node behind it, and a record may come twice.
 */
final class ReplicationRound {
    private final StoreKey key;
    private final Replicas replicas;
    private final Tally tally;
    private final Map<NodeId, Replicas.Replica> asked = new LinkedHashMap<>();
    /** Null until an owner gets lost. */
    private @Nullable Deque<NodeId> spares;

    private final List<Replicas.Replica> toSendAgain = new ArrayList<>();
    private boolean sloppy;

    ReplicationRound(StoreKey key, Replicas replicas, int writeQuorum) {
        this.key = key;
        this.replicas = replicas;
        for (Replicas.Replica replica : replicas.usable()) {
            asked.put(replica.node(), replica);
        }
        tally = new Tally(asked.keySet(), writeQuorum);
    }

    /** Too few are not known to be down: refuse before anything is stored (rule W3). */
    boolean isHopeless() {
        return tally.verdict() == Verdict.IMPOSSIBLE;
    }

    Outcome refusal() {
        return new Outcome.Refused(tally.needed(), replicas.usable().size());
    }

    Outcome unknown() {
        return new Outcome.Unknown(tally.needed(), tally.received());
    }

    /** The slots for which this node keeps what it executes. */
    HintedSlots ownSlots() {
        return replicas.ownSlots();
    }

    /** Whether a stand-in's vote was counted. */
    boolean isSloppy() {
        return sloppy;
    }

    Verdict verdict() {
        return tally.verdict();
    }

    List<Effect> begin(VersionedRecord record) {
        var effects = new ArrayList<Effect>(replicas.usable().size());
        for (Replicas.Replica replica : replicas.usable()) {
            if (!replica.node().equals(replicas.self())) {
                effects.add(send(replica, record));
            }
        }
        return effects;
    }

    private Effect send(Replicas.Replica replica, VersionedRecord record) {
        return new Effect.Send(
                replica.node(),
                replica.standsIn()
                        ? new PeerRequest.StandIn(key, record, replica.slot())
                        : new PeerRequest.Replicate(key, record));
    }

    /** @param record what this node holds */
    List<Effect> on(Event event, VersionedRecord record) {
        return switch (event) {
            case Event.Synced() -> voted(replicas.self());
            case Event.Replied(NodeId from, PeerReply.Acknowledged()) -> voted(from);
            case Event.Replied(NodeId from, PeerReply.Declined _) -> failed(from);
            case Event.Lost(NodeId to, boolean _) -> lost(to, record);
            case Event.TimedOut(Timer timer) -> timer == Timer.HEDGE ? sendAgain(record) : List.of();
            case Event.Replied _, Event.Stored _ -> List.of();
        };
    }

    private List<Effect> voted(NodeId voter) {
        Replicas.Replica replica = asked.remove(voter);
        sloppy |= replica != null && replica.standsIn();
        tally.voted(voter);
        return List.of();
    }

    private List<Effect> failed(NodeId voter) {
        asked.remove(voter);
        tally.failed(voter);
        return List.of();
    }

    /** The next live member of the walk takes its slot. One that declines is alive, and its load would only move on. */
    private List<Effect> lost(NodeId voter, VersionedRecord record) {
        Replicas.Replica replica = asked.remove(voter);
        if (replica == null) {
            return List.of();
        }
        if (spares == null) {
            spares = replicas.spares();
        }
        NodeId spare = spares.poll();
        if (spare == null) {
            if (replicas.isDown(voter)) {
                return failed(voter);
            }
            toSendAgain.add(replica);
            return toSendAgain.size() == 1 ? List.of(new Effect.StartTimer(Timer.HEDGE)) : List.of();
        }
        tally.replaced(voter, spare);
        var standIn = new Replicas.Replica(spare, replica.slot(), true);
        asked.put(spare, standIn);
        return List.of(send(standIn, record));
    }

    private List<Effect> sendAgain(VersionedRecord record) {
        var effects = new ArrayList<Effect>(toSendAgain.size());
        for (Replicas.Replica replica : toSendAgain) {
            if (replicas.isDown(replica.node())) {
                failed(replica.node());
            } else {
                asked.put(replica.node(), replica);
                effects.add(send(replica, record));
            }
        }
        toSendAgain.clear();
        return effects;
    }
}
