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
import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.DeleteOperation;
import io.dynamokv.core.coordinator.Effect;
import io.dynamokv.core.coordinator.Event;
import io.dynamokv.core.coordinator.ForwardOperation;
import io.dynamokv.core.coordinator.GetOperation;
import io.dynamokv.core.coordinator.Operation;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.coordinator.PutOperation;
import io.dynamokv.core.coordinator.Replicas;
import io.dynamokv.core.coordinator.Timer;
import io.dynamokv.core.handoff.HintLedger;
import io.dynamokv.core.handoff.HintReplay;
import io.dynamokv.core.handoff.ReplayEffect;
import io.dynamokv.core.handoff.ReplaySettings;
import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafHash;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.reaping.ReapEffect;
import io.dynamokv.core.reaping.ReapSettings;
import io.dynamokv.core.reaping.TombstoneReaper;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.store.BatchStep;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.LeafTables;
import io.dynamokv.core.store.Page;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.Tombstone;
import io.dynamokv.core.store.WriterMark;
import io.dynamokv.core.version.VersionedRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A storage node as the shell runs it: batches on a disk, one machine per request, and a crash that forgets all that is not synced. */
final class SimulatedNode {
    private static final ReplaySettings REPLAY = new ReplaySettings(1, 1000, 300, 2000);
    private static final int REPLAY_MILLIS = 200;
    private static final int REAP_MILLIS = 100;
    private static final ExchangeLimits EXCHANGE = new ExchangeLimits(1, 1, 2, 2);
    private static final int EXCHANGE_MILLIS = 1000;
    private static final int EXCHANGE_ANSWER_MILLIS = 1000;

    /** As long as rule W4 knows a repeat; a tombstone lives longer, and the ids in it. */
    static final int REPEATS_ARE_KNOWN_MILLIS = 4000;

    /** Between the proofs: how long a request may send what it read, the life of a message, and how long it may lie unread. */
    private static final ReapSettings REAPING =
            new ReapSettings(2, REPEATS_ARE_KNOWN_MILLIS + 5000, 5000, 1500, 4, 100);

    /** After so long without a step a node closes its links unread (rule T2). */
    private static final int LONG_PAUSE_MILLIS = 1000;

    private record Wanted(StoreOperation operation, Consumer<StoreResult> stored, Runnable synced) {}

    private final NodeId id;
    private final Cluster cluster;
    private final Mistakes mistakes = new Mistakes();
    private final SimulatedDirectory directory;
    private final SimulatedDisk disk;
    private List<Wanted> wanted = new ArrayList<>();
    private LeafTables leaves;
    private BatchStep step;
    private BootId boot;
    private int starts;
    private boolean up = true;
    /** Its directory must not be used again (rule N3). */
    private boolean unusable;

    private long standsStillUntilMillis;
    private HintLedger hints = new HintLedger();
    private HintReplay replay;
    private boolean replayIsPlanned;
    private TombstoneReaper reaper;
    private @Nullable Exchange exchange;
    private long exchangeSteppedMillis;

    SimulatedNode(NodeId id, Cluster cluster) {
        this.id = id;
        this.cluster = cluster;
        directory = new SimulatedDirectory(cluster.random());
        disk = directory.disk();
        leaves = new LeafTables(disk);
        boot = directory.nextStart();
        step = nextStep();
        replay = nextReplay();
        reaper = nextReaper();
    }

    private TombstoneReaper nextReaper() {
        return new TombstoneReaper(REAPING, new TombstoneReaper.View() {
            @Override
            public List<Integer> partitions() {
                return cluster.owners().getFirst().equals(id) ? List.of(Samples.PARTITION) : List.of();
            }

            @Override
            public List<NodeId> owners(int partition) {
                return cluster.owners();
            }

            @Override
            public List<NodeId> members() {
                return cluster.plan().mutation() == Mutation.REAP_WITHOUT_ASKING_ALL
                        ? cluster.owners()
                        : cluster.walk().walk();
            }
        });
    }

    /** As long as the trouble lasts, and once more for what is left then. */
    void reapForSomeTime(long untilMillis) {
        if (cluster.schedule().nowMillis() < untilMillis) {
            later(REAP_MILLIS, () -> {
                performReaping(reaper.tick(cluster.schedule().nowMillis(), cluster.clockMillis(id), true));
                reapForSomeTime(untilMillis);
            });
        }
    }

    private void performReaping(List<ReapEffect> effects) {
        for (ReapEffect effect : effects) {
            switch (effect) {
                case ReapEffect.Scan scan -> performReaping(reaper.scanned(disk.scan(scan.span(), scan.bytesMax())));
                case ReapEffect.Prove prove ->
                    ask(prove.member(), new PeerRequest.Prove(prove.partition(), prove.tombstones()), reply -> {
                        if (reply instanceof PeerReply.Proved(List<Boolean> proofs)) {
                            performReaping(reaper.proved(prove.member(), prove.round(), proofs));
                        } else {
                            reaper.failed(prove.member(), prove.round());
                        }
                    });
                case ReapEffect.Reap reap ->
                    ask(reap.owner(), new PeerRequest.Reap(reap.partition(), reap.tombstones()), _ -> {});
            }
        }
    }

    private void ask(NodeId member, PeerRequest request, Consumer<PeerReply> replied) {
        if (member.equals(id)) {
            execute(request, replied);
            return;
        }
        int sentBy = starts;
        cluster.call(id, member, request, event -> {
            if (up && starts == sentBy && event instanceof Event.Replied(NodeId _, PeerReply reply)) {
                whenMoving(() -> replied.accept(reply));
            }
        });
    }

    private void prove(List<Tombstone> tombstones, Consumer<PeerReply> reply) {
        boolean owner = cluster.owners().contains(id);
        List<Boolean> proofs = tombstones.stream()
                .map(tombstone -> {
                    StoredRecord held = disk.read(new StoreKey(Samples.PARTITION, tombstone.key()));
                    return owner ? tombstone.isHeldAs(held) : held.record().isEmpty();
                })
                .toList();
        long reached = disk.writtenBatches();
        later(cluster.syncDelayMillis(), () -> {
            disk.syncedUpTo(reached);
            reply.accept(new PeerReply.Proved(proofs));
        });
    }

    private void reap(List<Tombstone> tombstones, Consumer<PeerReply> reply) {
        for (Tombstone tombstone : tombstones) {
            var key = new StoreKey(Samples.PARTITION, tombstone.key());
            store(new StoreOperation.Reap(key, tombstone.vector()), _ -> {}, () -> {});
        }
        reply.accept(new PeerReply.Acknowledged());
    }

    private HintReplay nextReplay() {
        hints = new HintLedger();
        disk.rows().values().forEach(row -> hints.changed(Samples.PARTITION, StoredRecord.NONE, row));
        replayIsPlanned = false;
        return new HintReplay(hints, REPLAY, new HintReplay.View() {
            @Override
            public NodeId owner(int partition, int slot) {
                return cluster.owners().get(slot);
            }

            @Override
            public Liveness liveness(NodeId node) {
                return cluster.believedOf(node);
            }
        });
    }

    private BatchStep nextStep() {
        starts++;
        return new BatchStep(boot, cluster.random(), cluster.plan().limits());
    }

    NodeId id() {
        return id;
    }

    boolean isUp() {
        return up;
    }

    int starts() {
        return starts;
    }

    BootId boot() {
        return boot;
    }

    SimulatedDirectory directory() {
        return directory;
    }

    /** Its directory is one that was before: it ends, and comes back with another. */
    void turnedAway() {
        crash();
        unusable = true;
    }

    SimulatedDisk disk() {
        return disk;
    }

    void crash() {
        up = false;
        wanted = new ArrayList<>();
        if (disk.crash(cluster.random()) > 0) {
            cluster.paths().took(Paths.Path.TAIL_LOST);
        }
    }

    void restart() {
        if (!up) {
            up = true;
            if (unusable) {
                directory.replace();
                unusable = false;
            }
            if (cluster.plan().mutation() != Mutation.SAME_BOOT_AFTER_CRASH) {
                boot = directory.nextStart();
            }
            step = nextStep();
            leaves = new LeafTables(disk);
            keepLeaves();
            checkLeaves();
            replay = nextReplay();
            replayHintsSoon();
            reaper = nextReaper();
            reapForSomeTime(Cluster.REAPING_MILLIS);
            exchange = null;
            exchangeForSomeTime(Cluster.REAPING_MILLIS);
            cluster.callAll(this);
        }
    }

    /** Now and then with another owner. */
    void exchangeForSomeTime(long untilMillis) {
        if (cluster.schedule().nowMillis() < untilMillis && cluster.owners().contains(id)) {
            later(EXCHANGE_MILLIS + cluster.random().nextInt(EXCHANGE_MILLIS), () -> {
                beginExchange();
                exchangeForSomeTime(untilMillis);
            });
        }
    }

    private void beginExchange() {
        NodeId peer =
                cluster.owners().get(cluster.random().nextInt(cluster.owners().size()));
        LeafTable own = leaves.table(Samples.PARTITION);
        if (exchange == null && own != null && !peer.equals(id)) {
            var begun = new Exchange(own, EXCHANGE);
            exchange = begun;
            exchangeSteppedMillis = cluster.schedule().nowMillis();
            perform(begun, peer, begun.start());
        }
    }

    /** As the shell: what stood still with something in its hands drops it (rule T2). */
    private void on(Exchange of, NodeId peer, ExchangeEvent event) {
        if (of != exchange) {
            return;
        }
        long nowMillis = cluster.schedule().nowMillis();
        if (nowMillis - exchangeSteppedMillis > 2 * EXCHANGE_ANSWER_MILLIS) {
            exchange = null;
            return;
        }
        exchangeSteppedMillis = nowMillis;
        perform(of, peer, of.on(event));
    }

    private void perform(Exchange of, NodeId peer, List<ExchangeEffect> effects) {
        for (ExchangeEffect effect : effects) {
            switch (effect) {
                case ExchangeEffect.AskPeer(long number, ExchangeRequest request) -> {
                    int sentBy = starts;
                    cluster.call(id, peer, new PeerRequest.Exchange(Samples.PARTITION, request), event -> {
                        if (up && starts == sentBy) {
                            whenMoving(() -> on(of, peer, answered(number, event)));
                        }
                    });
                }
                case ExchangeEffect.AskSelf(long number, ExchangeRequest request) ->
                    answer(request, reply -> on(of, peer, new ExchangeEvent.Answered(number, reply)));
                case ExchangeEffect.StartTimer(long number) ->
                    later(EXCHANGE_ANSWER_MILLIS, () -> on(of, peer, new ExchangeEvent.TimedOut(number)));
                case ExchangeEffect.End(ExchangeReport report) -> {
                    exchange = null;
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

    private void answer(ExchangeRequest request, Consumer<ExchangeReply> reply) {
        LeafTable own = leaves.table(Samples.PARTITION);
        if (own == null) {
            reply.accept(new ExchangeReply.Declined("no owner"));
            return;
        }
        switch (request) {
            case ExchangeRequest.Compare compare -> reply.accept(ReplicaReader.compare(compare, own));
            case ExchangeRequest.Reading read ->
                later(
                        cluster.storeDelayMillis(),
                        () -> reply.accept(new ReplicaReader(Samples.PARTITION, disk, EXCHANGE).read(read)));
            case ExchangeRequest.Join(List<KeyRecord> records) -> join(records, reply);
        }
    }

    private void join(List<KeyRecord> records, Consumer<ExchangeReply> reply) {
        var hashes = new ArrayList<Long>();
        var synced = new int[1];
        for (KeyRecord record : records) {
            store(
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

    /** The database is gone, and the directory still says who it is. */
    void loseDisk() {
        crash();
        disk.lose();
    }

    void replayHintsSoon() {
        if (!replayIsPlanned && !hints.isEmpty()) {
            replayIsPlanned = true;
            later(REPLAY_MILLIS, () -> {
                replayIsPlanned = false;
                Mistakes.dropOldHints(cluster.plan().mutation(), disk, hints);
                perform(replay.tick(cluster.schedule().nowMillis()));
                replayHintsSoon();
            });
        }
    }

    private void perform(List<ReplayEffect> effects) {
        for (ReplayEffect effect : effects) {
            switch (effect) {
                case ReplayEffect.Scan scan ->
                    later(
                            cluster.storeDelayMillis(),
                            () -> perform(replay.scanned(disk.scan(scan.span(), scan.bytesMax()))));
                case ReplayEffect.Deliver deliver -> deliver(deliver);
                case ReplayEffect.Store(StoreOperation.Delivered operation) -> store(operation, _ -> {}, () -> {});
            }
        }
    }

    private void deliver(ReplayEffect.Deliver deliver) {
        int sentBy = starts;
        cluster.call(id, deliver.owner(), new PeerRequest.Deliver(deliver.key(), deliver.record()), event -> {
            if (up && starts == sentBy) {
                whenMoving(() -> perform(delivered(deliver, event)));
            }
        });
    }

    private List<ReplayEffect> delivered(ReplayEffect.Deliver deliver, Event event) {
        if (event instanceof Event.Replied(NodeId _, PeerReply.Acknowledged())) {
            cluster.paths().took(Paths.Path.HINT_REPLAYED);
            return replay.delivered(deliver);
        }
        return replay.failed(deliver);
    }

    /** In the end all that was kept for others has reached them. */
    void holdsNothingForOthers() {
        Page left = disk.scan(Span.ofPartition(Samples.PARTITION), Long.MAX_VALUE);
        if (!hints.isEmpty() || !cluster.owners().contains(id) && !left.rows().isEmpty()) {
            throw new AssertionError(id + " still keeps for others: " + left);
        }
    }

    void keepLeaves() {
        if (cluster.owners().contains(id)) {
            leaves.keep(Samples.PARTITION);
        }
    }

    /** As SIGSTOP: it does nothing, what comes waits, and its clock goes on. */
    void pause(long millis) {
        standsStillUntilMillis = cluster.schedule().nowMillis() + millis;
    }

    /** What a start planned dies with it. */
    private void later(long delayMillis, Runnable task) {
        int plannedBy = starts;
        cluster.schedule().after(delayMillis, () -> {
            if (up && starts == plannedBy) {
                whenMoving(task);
            }
        });
    }

    boolean isMoving() {
        return standsStillUntilMillis <= cluster.schedule().nowMillis();
    }

    boolean stoodStillWithin(long millis) {
        return standsStillUntilMillis > cluster.schedule().nowMillis() - millis;
    }

    private void whenMoving(Runnable task) {
        long stillMillis = stillMillis();
        if (stillMillis > 0) {
            later(stillMillis, task);
        } else {
            task.run();
        }
    }

    /** What came before or during a long pause is not read. */
    void received(PeerRequest request, Consumer<PeerReply> reply) {
        if (stillMillis() <= LONG_PAUSE_MILLIS || cluster.plan().mutation() == Mutation.LATE_MESSAGES_ARE_READ) {
            whenMoving(() -> execute(request, reply));
        }
    }

    private long stillMillis() {
        return standsStillUntilMillis - cluster.schedule().nowMillis();
    }

    void asked(ClientRequest request, Consumer<Outcome> answer) {
        whenMoving(() -> execute(request, answer));
    }

    void execute(ClientRequest request, Consumer<Outcome> answer) {
        var replicas = new Replicas(id, cluster.walk(), peer -> cluster.believedOf(peer));
        Operation operation =
                replicas.selfCoordinates() ? coordination(request, replicas) : new ForwardOperation(request, replicas);
        new RunningMachine(request, operation, answer).start();
    }

    /** What another node forwards is executed here, by an owner or in the owners' place (rule W1). */
    private void executeForwarded(ClientRequest request, Consumer<PeerReply> reply) {
        var replicas = new Replicas(id, cluster.walk(), peer -> cluster.believedOf(peer));
        if (!cluster.owners().contains(id)) {
            cluster.paths().took(Paths.Path.STAND_IN_COORDINATED);
        }
        new RunningMachine(
                        request,
                        coordination(request, replicas),
                        outcome -> reply.accept(new PeerReply.Executed(outcome)))
                .start();
    }

    private Operation coordination(ClientRequest request, Replicas replicas) {
        long nowMillis = cluster.clockMillis(id);
        return switch (request) {
            case ClientRequest.Get get -> new GetOperation(Samples.PARTITION, get, replicas);
            case ClientRequest.Put put ->
                new PutOperation(Samples.PARTITION, put, new Bucket("carts", Conflicts.SIBLINGS), replicas, nowMillis);
            case ClientRequest.Delete delete -> new DeleteOperation(Samples.PARTITION, delete, replicas, nowMillis);
        };
    }

    void execute(PeerRequest request, Consumer<PeerReply> reply) {
        switch (request) {
            case PeerRequest.Replicate(var key, VersionedRecord record) ->
                replicate(new StoreOperation.Join(key, record), reply);
            case PeerRequest.Deliver(var key, VersionedRecord record) ->
                replicate(new StoreOperation.Join(key, record), reply);
            case PeerRequest.StandIn(var key, VersionedRecord record, int slot) -> {
                cluster.paths().took(Paths.Path.STAND_IN_WRITE);
                replicate(new StoreOperation.Join(key, record, HintedSlots.of(slot)), reply);
            }
            case PeerRequest.Fetch(var key) ->
                store(
                        new StoreOperation.Read(key),
                        result -> {
                            if (result instanceof StoreResult.Held(VersionedRecord record)) {
                                reply.accept(new PeerReply.Fetched(record));
                            }
                        },
                        () -> {});
            case PeerRequest.Exchange(int _, ExchangeRequest question) ->
                answer(question, answer -> reply.accept(new PeerReply.Exchanged(answer)));
            case PeerRequest.Prove(int _, List<Tombstone> tombstones) -> prove(tombstones, reply);
            case PeerRequest.Reap(int _, List<Tombstone> tombstones) -> reap(tombstones, reply);
            case PeerRequest.Execute(ClientRequest forwarded) -> executeForwarded(forwarded, reply);
        }
    }

    private void replicate(StoreOperation.Join join, Consumer<PeerReply> reply) {
        var acknowledged = new PeerReply.Acknowledged();
        if (cluster.plan().mutation() == Mutation.ACKNOWLEDGED_BEFORE_SYNC) {
            store(join, _ -> reply.accept(acknowledged), () -> {});
        } else {
            store(join, _ -> {}, () -> reply.accept(acknowledged));
        }
    }

    private void store(StoreOperation operation, Consumer<StoreResult> stored, Runnable synced) {
        wanted.add(new Wanted(operation, stored, synced));
        if (wanted.size() == 1) {
            later(cluster.storeDelayMillis(), this::drain);
        }
    }

    private void drain() {
        List<Wanted> batch = wanted;
        wanted = new ArrayList<>();
        List<StoreOperation> operations = batch.stream().map(Wanted::operation).toList();
        List<StoreResult> results = executeOnDisk(operations);
        var toSync = new ArrayList<Runnable>();
        for (int i = 0; i < batch.size(); i++) {
            Wanted one = batch.get(i);
            if (results.get(i) instanceof StoreResult.Held && !(one.operation() instanceof StoreOperation.Read)) {
                toSync.add(one.synced());
            }
            one.stored().accept(results.get(i));
        }
        long reached = disk.writtenBatches();
        later(cluster.syncDelayMillis(), () -> {
            disk.syncedUpTo(reached);
            toSync.forEach(Runnable::run);
        });
    }

    private List<StoreResult> executeOnDisk(List<StoreOperation> operations) {
        BatchStep.Outcome outcome = cluster.plan().mutation() == Mutation.NONE
                ? step.apply(operations, disk.rows())
                : mistakes.apply(cluster.plan().mutation(), step, operations, disk.rows(), cluster.random());
        tell(operations, outcome.results());
        if (!outcome.changes().isEmpty()) {
            outcome.changes().forEach((key, after) -> hints.changed(key.partition(), disk.read(key), after));
            replayHintsSoon();
        }
        Map<Leaf, Long> changedLeaves = leaves.apply(outcome.leafDeltas());
        if (cluster.plan().mutation() == Mutation.LEAF_OUTSIDE_OF_THE_BATCH) {
            disk.write(outcome.changes(), Map.of());
            disk.write(Map.of(), changedLeaves);
        } else if (!outcome.changes().isEmpty()) {
            disk.write(outcome.changes(), changedLeaves);
        }
        return outcome.results();
    }

    /** An owner's tree, in memory and on disk, is that of its rows; nobody else keeps one. */
    void checkLeaves() {
        boolean owner = cluster.owners().contains(id);
        Optional<LeafTable> expected =
                owner ? Optional.of(leaves.fromRows(Span.ofPartition(Samples.PARTITION))) : Optional.empty();
        if (!expected.equals(Optional.ofNullable(leaves.table(Samples.PARTITION)))
                || !expected.equals(disk.leaves(Samples.PARTITION))) {
            throw new AssertionError("the leaves of " + id + " are not those of its rows");
        }
    }

    private void tell(List<StoreOperation> operations, List<StoreResult> results) {
        Map<StoreKey, VersionedRecord> held = new HashMap<>();
        for (int i = 0; i < operations.size(); i++) {
            StoreOperation operation = operations.get(i);
            VersionedRecord before =
                    held.computeIfAbsent(operation.key(), key -> disk.read(key).record());
            if (results.get(i) instanceof StoreResult.Held(VersionedRecord after)) {
                if (operation instanceof StoreOperation.Reap && after.isEmpty() && !before.isEmpty()) {
                    cluster.paths().took(Paths.Path.REAPED);
                }
                if (operation instanceof StoreOperation.Put put) {
                    stored(put, before, after);
                }
                if (operation instanceof StoreOperation.Join join
                        && join.record().siblings().stream()
                                .anyMatch(sibling -> after.isSuperseded(sibling.content()))) {
                    cluster.paths().took(Paths.Path.SUPERSEDED_COPY_REMOVED);
                }
                if (operation instanceof StoreOperation.Delivered delivered && !before.equals(delivered.record())) {
                    cluster.paths().took(Paths.Path.HINT_KEPT);
                }
                held.put(operation.key(), after);
            }
        }
    }

    private void stored(StoreOperation.Put put, VersionedRecord before, VersionedRecord after) {
        if (before.holds(put.content()) || before.isSuperseded(put.content())) {
            cluster.paths().took(Paths.Path.REPEATED_ID);
            return;
        }
        WriterMark mark = disk.read(put.key()).mark();
        if (mark != null && !mark.boot().equals(boot)) {
            cluster.paths().took(Paths.Path.FRESH_WRITER);
        }
        cluster.oracle().executed(new String(put.content().value(), StandardCharsets.UTF_8));
        cluster.dots().stored(id, put, before, after);
    }

    /** Performs a machine's effects as the coordinator package's page says, and holds the machine to that page too. */
    private final class RunningMachine {
        private final ClientRequest request;
        private final Operation operation;
        private final Consumer<Outcome> answer;
        private final long startedMillis = cluster.schedule().nowMillis();
        private boolean answered;
        private int executions;

        private RunningMachine(ClientRequest request, Operation operation, Consumer<Outcome> answer) {
            this.request = request;
            this.operation = operation;
            this.answer = answer;
        }

        void start() {
            perform(operation.start());
        }

        private void on(Event event) {
            boolean wasDone = operation.isDone();
            List<Effect> effects = operation.on(event);
            if (wasDone && !effects.isEmpty()) {
                throw new AssertionError("done, and yet " + event + " led to " + effects);
            }
            perform(effects);
        }

        private void perform(List<Effect> effects) {
            for (Effect effect : effects) {
                switch (effect) {
                    case Effect.Store(StoreOperation operationNow) -> perform(operationNow);
                    case Effect.Send(NodeId to, PeerRequest message) -> send(to, message);
                    case Effect.StartTimer(Timer timer) ->
                        later(Cluster.lengthMillis(timer), () -> on(new Event.TimedOut(timer)));
                    case Effect.Answer(Outcome outcome) -> answerOnce(outcome);
                }
            }
            if (operation.isDone() && !answered) {
                throw new AssertionError(operation + " is done without an answer");
            }
        }

        private void send(NodeId to, PeerRequest message) {
            if (message instanceof PeerRequest.Execute && ++executions == 2) {
                cluster.paths().took(Paths.Path.TAKEOVER);
            }
            if (message instanceof PeerRequest.Replicate && operation instanceof GetOperation) {
                cluster.paths().took(Paths.Path.STALE_REPLICA_REPAIRED);
            }
            if (!isTooLate() || cluster.plan().mutation() == Mutation.LATE_MESSAGES_ARE_READ) {
                cluster.call(id, to, message, whileUp());
            }
        }

        /** What it read is from before a pause, and may have been reaped since (rule T2). */
        private boolean isTooLate() {
            return cluster.schedule().nowMillis() - startedMillis
                    > Cluster.lengthMillis(Timer.DEADLINE) + LONG_PAUSE_MILLIS;
        }

        private void perform(StoreOperation operationNow) {
            if (operationNow instanceof StoreOperation.Delete delete && request instanceof ClientRequest.Delete asked) {
                cluster.dots().deletes(asked, delete.context());
                cluster.oracle().coordinatorRead(asked, delete.seen());
            }
            boolean early = cluster.plan().mutation() == Mutation.ACKNOWLEDGED_BEFORE_SYNC;
            store(
                    operationNow,
                    result -> {
                        on(new Event.Stored(result));
                        if (early) {
                            on(new Event.Synced());
                        }
                    },
                    () -> on(new Event.Synced()));
        }

        private void answerOnce(Outcome right) {
            Outcome outcome = Mistakes.answer(cluster.plan().mutation(), request, right, disk);
            if (answered) {
                throw new AssertionError("a second answer: " + outcome);
            }
            answered = true;
            answer.accept(outcome);
        }

        private Consumer<Event> whileUp() {
            int sentBy = starts;
            return event -> {
                if (up && starts == sentBy) {
                    whenMoving(() -> on(event));
                }
            };
        }
    }
}
