package io.dynamokv.core.simulation;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.Timer;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Asks one thing after another of any node, with contexts that are sometimes stale, and repeats what it got no good answer to. */
final class SimulatedClient {
    private final int number;
    private final Cluster cluster;
    private final RandomGenerator random;
    /** The newest context of each key, and what was read with it. */
    private final Map<Key, Known> known = new HashMap<>();

    private final Map<ClientRequest, Oracle.Seen> seenBy = new HashMap<>();
    private final List<Repeatable> repeatable = new ArrayList<>();
    private int asked;

    private record Known(VersionVector context, Oracle.Seen seen) {
        static final Known NOTHING = new Known(VersionVector.EMPTY, Oracle.Seen.NOTHING);
    }

    private record Repeatable(ClientRequest request, long firstAskedMillis) {}

    /** One request at one node; the same request may come again elsewhere. */
    private static final class Attempt {
        private final NodeId node;
        private final ClientRequest request;
        private final Oracle.Before before;
        private boolean ended;

        private Attempt(NodeId node, ClientRequest request, Oracle.Before before) {
            this.node = node;
            this.request = request;
            this.before = before;
        }
    }

    SimulatedClient(int number, Cluster cluster) {
        this.number = number;
        this.cluster = cluster;
        random = cluster.random();
    }

    void begin() {
        cluster.schedule().after(cluster.lullMillis() + random.nextInt(200), this::ask);
    }

    private void ask() {
        if (asked >= cluster.plan().requestsPerClient()) {
            cluster.clientIsDone();
            return;
        }
        SimulatedNode node = cluster.anyNode();
        if (node.isUp()) {
            asked++;
            cluster.countOperation();
            ask(node, request());
        } else {
            begin();
        }
    }

    private void ask(SimulatedNode node, ClientRequest request) {
        cluster.note("client " + number + " asks " + node.id() + ": " + request);
        cluster.oracle().began(request, seenBy.getOrDefault(request, Oracle.Seen.NOTHING));
        var attempt = new Attempt(node.id(), request, cluster.oracle().before(request));
        int starts = node.starts();
        boolean movedWhenAsked = node.isMoving();
        node.asked(request, outcome -> answered(attempt, outcome));
        cluster.schedule().after(Cluster.lengthMillis(Timer.DEADLINE) + 1, () -> {
            boolean ran = movedWhenAsked
                    && node.isUp()
                    && node.starts() == starts
                    && !node.stoodStillWithin(Cluster.lengthMillis(Timer.DEADLINE) + 1);
            if (ran && !attempt.ended) {
                throw new Violation(
                        Invariant.EACH_REQUEST_IS_ANSWERED_ONCE, "no answer to " + request + " at the deadline");
            }
            if (!attempt.ended) {
                attempt.ended = true; // the client has hung up: what comes later nobody hears
                begin();
            }
        });
    }

    private void answered(Attempt attempt, Outcome outcome) {
        if (attempt.ended) {
            return;
        }
        attempt.ended = true;
        cluster.note("client " + number + " hears " + outcome);
        ClientRequest request = attempt.request;
        switch (outcome) {
            case Outcome.Found found -> found(attempt, found);
            case Outcome.Written(VersionVector context, boolean sloppy) -> {
                cluster.oracle().acknowledged(request, sloppy);
                cluster.wrote(attempt.node);
                if (context != null && request instanceof ClientRequest.Put put) {
                    known.put(put.key(), new Known(context, cluster.oracle().left(put)));
                }
            }
            case Outcome.RequestIdReused _ -> {
                cluster.dots().isReused(request);
                cluster.oracle().refused(request);
            }
            case Outcome.Refused _ -> {
                cluster.paths().took(Paths.Path.REFUSED);
                cluster.oracle().refused(request);
            }
            case Outcome.LimitExceeded _ -> cluster.oracle().refused(request);
            case Outcome.Unknown _ -> {
                cluster.paths().took(Paths.Path.OUTCOME_UNKNOWN);
                if (request instanceof ClientRequest.Get) {
                    throw new Violation(Invariant.EACH_REQUEST_IS_ANSWERED_ONCE, request + " cannot be unknown");
                }
            }
        }
        begin();
    }

    private void found(Attempt attempt, Outcome.Found found) {
        VersionedRecord record = found.record();
        if (found.sloppy()) {
            cluster.paths().took(Paths.Path.STAND_IN_READ);
        }
        Key key = attempt.request.key();
        if (record.siblings().size() > 1) {
            cluster.paths().took(Paths.Path.CONFLICT);
        }
        if (record.siblings().isEmpty() && !record.context().equals(VersionVector.EMPTY)) {
            cluster.paths().took(Paths.Path.TOMBSTONE_READ);
        }
        if (attempt.request instanceof ClientRequest.Get get) {
            cluster.oracle().checkRead(get, attempt.before, record, found.sloppy());
        }
        known.put(key, new Known(record.context(), cluster.oracle().read(record)));
    }

    private ClientRequest request() {
        Key key =
                Samples.storeKey("key " + random.nextInt(cluster.plan().keys())).key();
        Known of = known.getOrDefault(key, Known.NOTHING);
        VersionVector context = of.context();
        repeatable.removeIf(one ->
                cluster.schedule().nowMillis() - one.firstAskedMillis() > SimulatedNode.REPEATS_ARE_KNOWN_MILLIS);
        ClientRequest request = switch (cluster.isClearing() && random.nextBoolean() ? 9 : random.nextInt(12)) {
            case 0, 1, 2 -> new ClientRequest.Get(key, cluster.plan().readQuorum());
            case 3, 4, 5 -> put(key, name(), context);
            case 6, 7 -> put(key, name(), VersionVector.EMPTY);
            case 8 -> delete(key, context);
            case 9 -> withoutContext(key);
            case 10 -> put(key, "an id of " + number, context);
            default -> repeatable.isEmpty() ? put(key, name(), context) : repeated();
        };
        if (!isBlind(request)) {
            seenBy.putIfAbsent(request, of.seen());
        }
        if (!(request instanceof ClientRequest.Delete delete && delete.context() == null)) {
            repeatable.add(new Repeatable(request, cluster.schedule().nowMillis()));
        }
        return request;
    }

    private static boolean isBlind(ClientRequest request) {
        return switch (request) {
            case ClientRequest.Get _ -> true;
            case ClientRequest.Put put -> put.context().equals(VersionVector.EMPTY);
            case ClientRequest.Delete delete -> delete.context() == null;
        };
    }

    private ClientRequest repeated() {
        Repeatable again =
                random.nextBoolean() ? repeatable.getLast() : repeatable.get(random.nextInt(repeatable.size()));
        return again.request();
    }

    private String name() {
        return "request " + asked + " of " + number;
    }

    private ClientRequest put(Key key, String id, VersionVector context) {
        return new ClientRequest.Put(
                key,
                context,
                Samples.content(id, key + " " + name(), context),
                cluster.plan().writeQuorum());
    }

    private ClientRequest delete(Key key, VersionVector context) {
        return new ClientRequest.Delete(
                key,
                RequestId.of(name()),
                context,
                cluster.plan().readQuorum(),
                cluster.plan().writeQuorum());
    }

    private ClientRequest withoutContext(Key key) {
        return new ClientRequest.Delete(
                key,
                RequestId.of(name()),
                null,
                cluster.plan().readQuorum(),
                cluster.plan().writeQuorum());
    }
}
