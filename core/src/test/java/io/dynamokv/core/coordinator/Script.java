package io.dynamokv.core.coordinator;

import static io.dynamokv.core.simulation.Samples.NOTHING;
import static io.dynamokv.core.simulation.Samples.content;
import static io.dynamokv.core.simulation.Samples.node;
import static io.dynamokv.core.simulation.Samples.storeKey;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.ring.PreferenceList;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells one machine, event by event, what happens to it; each word returns the effects. The owners are a, b and c, in slot order. */
final class Script {
    static final NodeId A = node("a");
    static final NodeId B = node("b");
    static final NodeId C = node("c");
    static final NodeId STRANGER = node("x");
    static final List<NodeId> OWNERS = List.of(A, B, C);
    static final StoreKey KEY = storeKey("list");
    static final long NOW_MILLIS = 5;
    static final Effect HEDGE = new Effect.StartTimer(Timer.HEDGE);
    static final Effect DEADLINE = new Effect.StartTimer(Timer.DEADLINE);

    private final Operation operation;

    Script(Operation operation) {
        this.operation = operation;
    }

    static Replicas allAlive(NodeId self) {
        return with(self, Map.of());
    }

    /** @param others may be changed while the request runs */
    static Replicas with(NodeId self, Map<NodeId, Liveness> others) {
        return with(self, others, OWNERS.contains(self) ? List.of() : List.of(self));
    }

    /** @param others the rest of the walk, in order */
    static Replicas with(NodeId self, Map<NodeId, Liveness> others, List<NodeId> rest) {
        var walk = new ArrayList<>(OWNERS);
        walk.addAll(rest);
        var partition = new Partition(KEY.partition(), new Epoch(1), OWNERS);
        return new Replicas(
                self, new PreferenceList(partition, walk), node -> others.getOrDefault(node, Liveness.ALIVE));
    }

    static ClientRequest.Put put(String text, int writeQuorum) {
        return new ClientRequest.Put(KEY.key(), NOTHING, content(text), writeQuorum);
    }

    static ClientRequest.Delete delete(@Nullable VersionVector context) {
        return new ClientRequest.Delete(KEY.key(), RequestId.of("delete"), context, 2, 2);
    }

    /** The text as the writer's first dot, on top of the record. */
    static VersionedRecord written(VersionedRecord on, long writer, String text) {
        var dot = new TimedDot(new Dot(new WriterId(writer), 1), HybridTime.ofMillis(1));
        return on.update(NOTHING, dot, content(text));
    }

    static VersionedRecord written(long writer, String text) {
        return written(VersionedRecord.EMPTY, writer, text);
    }

    static Effect fetch(NodeId from) {
        return new Effect.Send(from, new PeerRequest.Fetch(KEY));
    }

    static Effect replicate(NodeId to, VersionedRecord record) {
        return new Effect.Send(to, new PeerRequest.Replicate(KEY, record));
    }

    static Effect execute(NodeId at, ClientRequest request) {
        return new Effect.Send(at, new PeerRequest.Execute(request));
    }

    static List<Effect> answer(Outcome outcome) {
        return List.of(new Effect.Answer(outcome));
    }

    List<Effect> start() {
        return operation.start();
    }

    List<Effect> stored(VersionedRecord record) {
        return stored(new StoreResult.Held(record));
    }

    List<Effect> stored(StoreResult result) {
        return operation.on(new Event.Stored(result));
    }

    List<Effect> synced() {
        return operation.on(new Event.Synced());
    }

    List<Effect> acknowledged(NodeId by) {
        return operation.on(new Event.Replied(by, new PeerReply.Acknowledged()));
    }

    List<Effect> fetched(NodeId from, VersionedRecord record) {
        return operation.on(new Event.Replied(from, new PeerReply.Fetched(record)));
    }

    List<Effect> executed(NodeId by, Outcome outcome) {
        return operation.on(new Event.Replied(by, new PeerReply.Executed(outcome)));
    }

    List<Effect> declined(NodeId by) {
        return operation.on(new Event.Replied(by, new PeerReply.Declined("overloaded")));
    }

    /** Surely never reached it. */
    List<Effect> notDelivered(NodeId to) {
        return operation.on(new Event.Lost(to, false));
    }

    /** It may have got it and done it. */
    List<Effect> lost(NodeId to) {
        return operation.on(new Event.Lost(to, true));
    }

    List<Effect> hedge() {
        return operation.on(new Event.TimedOut(Timer.HEDGE));
    }

    List<Effect> deadline() {
        return operation.on(new Event.TimedOut(Timer.DEADLINE));
    }

    void isNotDone() {
        assertFalse(operation.isDone());
    }

    /** Whatever happens late, to a machine that is done, changes nothing. */
    void isDoneForGood() {
        assertTrue(operation.isDone());
        for (NodeId node : OWNERS) {
            assertEquals(List.of(), acknowledged(node));
            assertEquals(List.of(), declined(node));
            assertEquals(List.of(), fetched(node, written(99, "late")));
            assertEquals(List.of(), executed(node, new Outcome.Written(null)));
            assertEquals(List.of(), executed(node, new Outcome.Refused(2, 0)));
            assertEquals(List.of(), executed(node, new Outcome.RequestIdReused()));
            assertEquals(List.of(), notDelivered(node));
            assertEquals(List.of(), lost(node));
        }
        assertEquals(List.of(), stored(written(99, "late")));
        assertEquals(List.of(), stored(new StoreResult.Failed("late")));
        assertEquals(List.of(), synced());
        assertEquals(List.of(), hedge());
        assertEquals(List.of(), deadline());
        assertTrue(operation.isDone());
    }
}
