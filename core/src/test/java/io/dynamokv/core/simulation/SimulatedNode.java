package io.dynamokv.core.simulation;

import io.dynamokv.core.antientropy.ExchangeRequest;
import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.DeleteOperation;
import io.dynamokv.core.coordinator.ForwardOperation;
import io.dynamokv.core.coordinator.GetOperation;
import io.dynamokv.core.coordinator.Operation;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.coordinator.PutOperation;
import io.dynamokv.core.coordinator.Replicas;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.store.Tombstone;
import io.dynamokv.core.version.VersionedRecord;
import java.util.List;
import java.util.function.Consumer;

/** A storage node as the shell runs it: batches on a disk, one machine per request, and a crash that forgets all that is not synced. */
final class SimulatedNode {
    /** As long as rule W4 knows a repeat; a tombstone lives longer, and the ids in it. */
    static final int REPEATS_ARE_KNOWN_MILLIS = 4000;

    /** After so long without a step a node closes its links unread (rule T2). */
    static final int LONG_PAUSE_MILLIS = 1000;

    private final NodeId id;
    private final Cluster cluster;
    private final Mistakes mistakes = new Mistakes();
    private final SimulatedDirectory directory;
    private final SimulatedDisk disk;
    private BootId boot;
    private int starts;
    private boolean up = true;
    /** Its directory must not be used again (rule N3). */
    private boolean unusable;

    private long standsStillUntilMillis;
    private SimulatedStore store;
    private SimulatedHints hints;
    private SimulatedReaping reaping;
    private SimulatedExchanges exchanges;
    private SimulatedMembership membership;

    SimulatedNode(NodeId id, Cluster cluster) {
        this.id = id;
        this.cluster = cluster;
        directory = new SimulatedDirectory(cluster.random());
        disk = directory.disk();
        boot = directory.nextStart();
        starts = 1;
        store = new SimulatedStore(this, cluster);
        hints = new SimulatedHints(this, cluster);
        reaping = new SimulatedReaping(this, cluster);
        exchanges = new SimulatedExchanges(this, cluster);
        membership = new SimulatedMembership(this, cluster);
    }

    /** When all nodes are there. */
    void begin() {
        store.keepLeaves();
        reaping.reapForSomeTime(Cluster.REAPING_MILLIS);
        membership.run();
        exchanges.begin();
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

    /** What it makes of a put now. */
    Oracle.Copy copyOf(Key key) {
        return new Oracle.Copy(cluster.oracle().diskOf(id, key), starts);
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

    Mistakes mistakes() {
        return mistakes;
    }

    SimulatedStore store() {
        return store;
    }

    SimulatedHints hints() {
        return hints;
    }

    SimulatedReaping reaping() {
        return reaping;
    }

    SimulatedExchanges exchanges() {
        return exchanges;
    }

    SimulatedMembership membership() {
        return membership;
    }

    void crash() {
        up = false;
        if (disk.crash(cluster.random()) > 0) {
            cluster.paths().took(Paths.Path.TAIL_LOST);
        }
    }

    /** The database is gone, and the directory still says who it is. */
    void loseDisk() {
        crash();
        disk.lose();
        cluster.diskLost(id);
    }

    /** While it is down. What came since the copy is lost; what it is given now is, too, when it is found out (rule N3). */
    void restoreCopy() {
        directory.restoreCopy();
        cluster.diskLost(id);
    }

    void restart() {
        if (!up) {
            up = true;
            if (unusable) {
                directory.replace();
                cluster.diskLost(id);
                unusable = false;
            }
            if (cluster.plan().mutation() != Mutation.SAME_BOOT_AFTER_CRASH) {
                boot = directory.nextStart();
            }
            starts++;
            store = new SimulatedStore(this, cluster);
            hints = new SimulatedHints(this, cluster);
            reaping = new SimulatedReaping(this, cluster);
            exchanges = new SimulatedExchanges(this, cluster);
            membership = new SimulatedMembership(this, cluster);
            begin();
            store.checkLeaves();
            hints.replaySoon();
            cluster.callAll(this);
        }
    }

    /** As SIGSTOP: it does nothing, what comes waits, and its clock goes on. */
    void pause(long millis) {
        standsStillUntilMillis = cluster.schedule().nowMillis() + millis;
    }

    /** What a start planned dies with it. */
    void later(long delayMillis, Runnable task) {
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

    /** What hears an answer that this start asked for; another start does not know of it. */
    <T> Consumer<T> whileUp(Consumer<T> hearer) {
        int sentBy = starts;
        return answer -> {
            if (up && starts == sentBy) {
                whenMoving(() -> hearer.accept(answer));
            }
        };
    }

    Runnable whileUp(Runnable hearer) {
        Consumer<Boolean> told = whileUp(_ -> hearer.run());
        return () -> told.accept(true);
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
    void received(Runnable message) {
        if (stillMillis() <= LONG_PAUSE_MILLIS || cluster.plan().mutation() == Mutation.LATE_MESSAGES_ARE_READ) {
            whenMoving(message);
        }
    }

    private long stillMillis() {
        return standsStillUntilMillis - cluster.schedule().nowMillis();
    }

    void asked(ClientRequest request, Consumer<Outcome> answer) {
        whenMoving(() -> execute(request, answer));
    }

    void execute(ClientRequest request, Consumer<Outcome> answer) {
        var replicas = new Replicas(id, cluster.walk(), peer -> cluster.believedOf(this, peer));
        Operation operation =
                replicas.selfCoordinates() ? coordination(request, replicas) : new ForwardOperation(request, replicas);
        new RunningMachine(this, cluster, request, operation, answer).start();
    }

    /** What another node forwards is executed here, by an owner or in the owners' place (rule W1). */
    private void executeForwarded(ClientRequest request, Consumer<PeerReply> reply) {
        var replicas = new Replicas(id, cluster.walk(), peer -> cluster.believedOf(this, peer));
        if (!cluster.owners().contains(id)) {
            cluster.paths().took(Paths.Path.STAND_IN_COORDINATED);
        }
        new RunningMachine(
                        this,
                        cluster,
                        request,
                        coordination(request, replicas),
                        outcome -> reply.accept(new PeerReply.Executed(outcome)))
                .start();
    }

    private Operation coordination(ClientRequest asked, Replicas replicas) {
        long nowMillis = cluster.clockMillis(id);
        return switch (Mistakes.heard(cluster.plan().mutation(), asked)) {
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
                store.store(
                        new StoreOperation.Read(key),
                        result -> {
                            if (result instanceof StoreResult.Held(VersionedRecord record)) {
                                reply.accept(new PeerReply.Fetched(record));
                            }
                        },
                        () -> {});
            case PeerRequest.Exchange(int _, ExchangeRequest question) ->
                exchanges.answer(question, answer -> reply.accept(new PeerReply.Exchanged(answer)));
            case PeerRequest.Prove(int _, List<Tombstone> tombstones) -> reaping.prove(tombstones, reply);
            case PeerRequest.Reap(int _, List<Tombstone> tombstones) -> reaping.reap(tombstones, reply);
            case PeerRequest.Execute(ClientRequest forwarded) -> executeForwarded(forwarded, reply);
        }
    }

    private void replicate(StoreOperation.Join join, Consumer<PeerReply> reply) {
        var acknowledged = new PeerReply.Acknowledged();
        if (cluster.plan().mutation() == Mutation.ACKNOWLEDGED_BEFORE_SYNC) {
            store.store(join, _ -> reply.accept(acknowledged), () -> {});
        } else {
            store.store(join, _ -> {}, () -> reply.accept(acknowledged));
        }
    }
}
