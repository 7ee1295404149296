package io.dynamokv.core.coordinator;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.quorum.Tally;
import io.dynamokv.core.quorum.Verdict;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.List;

/** The second half of every write: the coordinator's record goes to the other owners, and W of them must have it durably. */
final class ReplicationRound {
    private final StoreKey key;
    private final Replicas replicas;
    private final Tally tally;

    ReplicationRound(StoreKey key, Replicas replicas, int writeQuorum) {
        this.key = key;
        this.replicas = replicas;
        tally = new Tally(replicas.usable(), writeQuorum);
    }

    /** Too few owners are not known to be down: refuse before anything is stored (rule W3). */
    boolean isHopeless() {
        return tally.verdict() == Verdict.IMPOSSIBLE;
    }

    Outcome refusal() {
        return new Outcome.Refused(tally.needed(), replicas.usable().size());
    }

    Outcome unknown() {
        return new Outcome.Unknown(tally.needed(), tally.received());
    }

    List<Effect> begin(VersionedRecord record) {
        var effects = new ArrayList<Effect>(replicas.usable().size());
        for (NodeId owner : replicas.usable()) {
            if (!owner.equals(replicas.self())) {
                effects.add(new Effect.Send(owner, new PeerRequest.Replicate(key, record)));
            }
        }
        return effects;
    }

    Verdict on(Event event) {
        return switch (event) {
            case Event.Synced() -> tally.voted(replicas.self());
            case Event.Replied(NodeId from, PeerReply.Acknowledged()) -> tally.voted(from);
            case Event.Replied(NodeId from, PeerReply.Declined _) -> tally.failed(from);
            case Event.Lost(NodeId to, boolean _) -> tally.failed(to);
            case Event.Replied _, Event.Stored _, Event.TimedOut _ -> tally.verdict();
        };
    }
}
