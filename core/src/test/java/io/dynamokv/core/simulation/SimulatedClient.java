package io.dynamokv.core.simulation;

import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.Timer;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.VersionVector;
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
    private final Map<Key, VersionVector> contexts = new HashMap<>();
    private final List<ClientRequest> repeatable = new ArrayList<>();
    private int asked;

    SimulatedClient(int number, Cluster cluster) {
        this.number = number;
        this.cluster = cluster;
        random = cluster.random();
    }

    void begin() {
        cluster.schedule().after(random.nextInt(200), this::ask);
    }

    private void ask() {
        if (asked >= cluster.plan().requestsPerClient()) {
            return;
        }
        asked++;
        SimulatedNode node = cluster.anyNode();
        if (node.isUp()) {
            ask(node, request());
        } else {
            begin();
        }
    }

    private void ask(SimulatedNode node, ClientRequest request) {
        cluster.note("client " + number + " asks " + node.id() + ": " + request);
        Journal.Attempt attempt = cluster.journal().began(request);
        int starts = node.starts();
        node.execute(request, outcome -> answered(attempt, outcome));
        cluster.schedule().after(Cluster.lengthMillis(Timer.DEADLINE) + 1, () -> {
            if (node.isUp() && node.starts() == starts && !attempt.isAnswered()) {
                throw new AssertionError("no answer to " + request + " at the deadline");
            }
            if (!attempt.isAnswered()) {
                begin();
            }
        });
    }

    private void answered(Journal.Attempt attempt, Outcome outcome) {
        cluster.note("client " + number + " hears " + outcome);
        cluster.journal().answered(attempt, outcome);
        Key key = attempt.request().key();
        switch (outcome) {
            case Outcome.Found(var record) -> contexts.put(key, record.context());
            case Outcome.Written(VersionVector context) -> {
                if (context != null) {
                    contexts.put(key, context);
                }
            }
            case Outcome.Refused _, Outcome.Unknown _, Outcome.LimitExceeded _, Outcome.RequestIdReused _ -> {}
        }
        begin();
    }

    private ClientRequest request() {
        Key key = Samples.storeKey("key " + random.nextInt(Plan.KEYS)).key();
        VersionVector context = contexts.getOrDefault(key, VersionVector.EMPTY);
        ClientRequest request = switch (random.nextInt(12)) {
            case 0, 1, 2 -> new ClientRequest.Get(key, cluster.plan().readQuorum());
            case 3, 4, 5 -> put(key, name(), context);
            case 6, 7 -> put(key, name(), VersionVector.EMPTY);
            case 8 -> delete(key, context);
            case 9 -> withoutContext(key);
            case 10 -> put(key, "an id of " + number, context);
            default -> repeatable.isEmpty() ? put(key, name(), context) : repeated();
        };
        if (!(request instanceof ClientRequest.Delete delete && delete.context() == null)) {
            repeatable.add(request);
        }
        return request;
    }

    private ClientRequest repeated() {
        return random.nextBoolean() ? repeatable.getLast() : repeatable.get(random.nextInt(repeatable.size()));
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
