package io.dynamokv.core.simulation;

import io.dynamokv.core.antientropy.Exchange;
import io.dynamokv.core.antientropy.ExchangeEffect;
import io.dynamokv.core.antientropy.ExchangeEvent;
import io.dynamokv.core.antientropy.ExchangeLimits;
import io.dynamokv.core.antientropy.ExchangeReply;
import io.dynamokv.core.antientropy.ExchangeReport;
import io.dynamokv.core.antientropy.ExchangeRequest;
import io.dynamokv.core.antientropy.KeyRecord;
import io.dynamokv.core.antientropy.ReplicaReader;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.Event;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.merkle.LeafHash;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A simulated node's exchanges with other owners, one at a time (Dynamo 4.7), from a start to its end, and its answers in those of others. */
final class SimulatedExchanges {
    private static final ExchangeLimits LIMITS = new ExchangeLimits(1, 1, 2, 2);
    private static final int EVERY_MILLIS = 1000;
    private static final int ANSWER_MILLIS = 1000;

    private final SimulatedNode node;
    private final Cluster cluster;
    private @Nullable Exchange running;
    private long steppedMillis;

    SimulatedExchanges(SimulatedNode node, Cluster cluster) {
        this.node = node;
        this.cluster = cluster;
    }

    /** Now and then with another owner. */
    void exchangeForSomeTime(long untilMillis) {
        if (cluster.schedule().nowMillis() < untilMillis && cluster.owners().contains(node.id())) {
            node.later(EVERY_MILLIS + cluster.random().nextInt(EVERY_MILLIS), () -> {
                begin(cluster.owners()
                        .get(cluster.random().nextInt(cluster.owners().size())));
                exchangeForSomeTime(untilMillis);
            });
        }
    }

    /** All is well, and nothing else is under way. */
    void exchangeNow(NodeId peer) {
        if (running != null) {
            throw new AssertionError("an exchange of " + node.id() + " never ended");
        }
        begin(peer);
    }

    private void begin(NodeId peer) {
        LeafTable own = node.store().tree();
        if (running == null && own != null && !peer.equals(node.id())) {
            var begun = new Exchange(own, LIMITS);
            running = begun;
            steppedMillis = cluster.schedule().nowMillis();
            perform(begun, peer, begun.start());
        }
    }

    /** As the shell: what stood still with something in its hands drops it (rule T2). */
    private void on(Exchange of, NodeId peer, ExchangeEvent event) {
        if (of != running) {
            return;
        }
        long nowMillis = cluster.schedule().nowMillis();
        if (nowMillis - steppedMillis > 2 * ANSWER_MILLIS) {
            running = null;
            return;
        }
        steppedMillis = nowMillis;
        perform(of, peer, of.on(event));
    }

    private void perform(Exchange of, NodeId peer, List<ExchangeEffect> effects) {
        for (ExchangeEffect effect : effects) {
            switch (effect) {
                case ExchangeEffect.AskPeer(long number, ExchangeRequest request) ->
                    cluster.call(
                            node.id(),
                            peer,
                            new PeerRequest.Exchange(Samples.PARTITION, request),
                            node.whileUp(event -> on(of, peer, answered(number, event))));
                case ExchangeEffect.AskSelf(long number, ExchangeRequest request) ->
                    answer(request, reply -> on(of, peer, new ExchangeEvent.Answered(number, reply)));
                case ExchangeEffect.StartTimer(long number) ->
                    node.later(ANSWER_MILLIS, () -> on(of, peer, new ExchangeEvent.TimedOut(number)));
                case ExchangeEffect.End(ExchangeReport report) -> {
                    running = null;
                    if (report.counts().recordsPulled() + report.counts().recordsPushed() > 0) {
                        cluster.paths().took(Paths.Path.EXCHANGE_MOVED);
                    }
                }
            }
        }
    }

    private static ExchangeEvent answered(long number, Event event) {
        return event instanceof Event.Replied(NodeId _, PeerReply.Exchanged(ExchangeReply reply))
                ? new ExchangeEvent.Answered(number, reply)
                : new ExchangeEvent.Lost(number);
    }

    void answer(ExchangeRequest request, Consumer<ExchangeReply> reply) {
        LeafTable own = node.store().tree();
        if (own == null) {
            reply.accept(new ExchangeReply.Declined("no owner"));
            return;
        }
        switch (request) {
            case ExchangeRequest.Compare compare -> reply.accept(ReplicaReader.compare(compare, own));
            case ExchangeRequest.Reading read ->
                node.later(
                        cluster.storeDelayMillis(),
                        () -> reply.accept(new ReplicaReader(Samples.PARTITION, node.disk(), LIMITS).read(read)));
            case ExchangeRequest.Join(List<KeyRecord> records) -> join(records, reply);
        }
    }

    private void join(List<KeyRecord> records, Consumer<ExchangeReply> reply) {
        var hashes = new ArrayList<Long>();
        var synced = new int[1];
        for (KeyRecord record : records) {
            node.store()
                    .store(
                            new StoreOperation.Join(new StoreKey(Samples.PARTITION, record.key()), record.record()),
                            result -> hashes.add(
                                    result instanceof StoreResult.Held(VersionedRecord held)
                                            ? LeafHash.of(record.key(), held)
                                            : 0L),
                            () -> {
                                if (++synced[0] == records.size()) {
                                    reply.accept(new ExchangeReply.Joined(hashes));
                                }
                            });
        }
    }
}
