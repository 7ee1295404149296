package io.dynamokv.core.simulation;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Event;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.coordinator.Timer;
import io.dynamokv.core.membership.SwimMessage;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.ring.PreferenceList;
import io.dynamokv.core.simulation.SimulatedNetwork.Door;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A whole cluster in one thread from one seed: nodes with disks, a network, clients, and what goes wrong. One partition: the first nodes own it,
 * the others forward and stand in.
 */
final class Cluster {
    static final int REAPING_MILLIS = 80_000;
    /** Long enough for a tombstone to be reaped. */
    private static final int LULL_MILLIS = 18_000;

    private static final int FIND_EACH_OTHER_MILLIS_MAX = 30_000;
    private static final long NOT_HEALED = -1;
    /** So long before it clients delete more than they write. */
    private static final int CLEARING_MILLIS = 1500;

    private static final int READS_TO_CONVERGE = 2;
    /** Until all that is owed is done when all is well. */
    private static final int CONVERGE_MILLIS_MAX = 60_000;
    /** {@code sim --trace} shows all. */
    private static final int TRACE_LINES_SHOWN = Integer.getInteger("dynamokv.sim.lines", 60);

    private static final List<Liveness> ANYTHING = List.of(Liveness.values());

    private final Plan plan;
    private final RandomGenerator random;
    private final Schedule schedule = new Schedule();
    private final Map<NodeId, SimulatedNode> nodes = new LinkedHashMap<>();
    private final SimulatedNetwork network;
    private final Trouble trouble;
    private final DotLedger dots;
    private final Oracle oracle;
    private final Paths paths = new Paths();
    private final List<String> trace = new ArrayList<>();
    /** The first nodes own the partition, the others follow in the walk. */
    private final PreferenceList walk;

    private int clientsAtWork = Plan.CLIENTS;
    private int operations;
    private Faults faults;
    private final long lullFromMillis;
    private long healedMillis = NOT_HEALED;
    /** When all was well, and when each pair had its next turn. */
    private long convergesSinceMillis;

    Cluster(Plan plan, RandomGenerator random) {
        this.plan = plan;
        this.random = random;
        dots = new DotLedger(plan.looksIntoStores());
        faults = plan.faults();
        lullFromMillis = random.nextInt(Trouble.MILLIS);
        network = new SimulatedNetwork(
                schedule, random, new Doors(), () -> faults, paths, plan.mutation() == Mutation.LATE_MESSAGES_ARE_READ);
        trouble = new Trouble(this, network);
        List<NodeId> all = new ArrayList<>();
        for (int i = 0; i < plan.nodes(); i++) {
            all.add(Samples.node(String.valueOf((char) ('a' + i))));
        }
        walk = new PreferenceList(new Partition(Samples.PARTITION, Epoch.FIRST, all.subList(0, plan.owners())), all);
        oracle = new Oracle(walk.owners());
        all.forEach(id -> nodes.put(id, new SimulatedNode(id, this)));
    }

    /**
     * What happened, line by line, and how often what is rare.
     *
     * @param operations requests that clients asked of nodes that were up
     * @param faults blows that hit: what befell a node that was down already is none
     */
    record Story(List<String> lines, Paths paths, int operations, int faults) {}

    /** Plays everything, brings the replicas together, and checks what must be true then. */
    static Story play(Plan plan, RandomGenerator random) {
        var cluster = new Cluster(plan, random);
        try {
            cluster.play();
        } catch (AssertionError | RuntimeException e) {
            List<String> trace = cluster.trace;
            List<String> last = trace.subList(Math.max(0, trace.size() - TRACE_LINES_SHOWN), trace.size());
            throw new AssertionError(e.getMessage() + "\n" + plan + "\n" + String.join("\n", last), e);
        }
        return new Story(cluster.trace, cluster.paths, cluster.operations, cluster.trouble.hits());
    }

    private void play() {
        nodes.values().forEach(SimulatedNode::begin);
        for (int i = 0; i < Plan.CLIENTS; i++) {
            new SimulatedClient(i, this).begin();
        }
        trouble.plan(faults);
        schedule.runUntilNothingIsPlanned();
        heal();
        schedule.runUntilNothingIsPlanned();
        nodes.values().forEach(node -> node.hints().areNone());
        checkThatOwnersAgree();
        for (int key = 0; key < plan.keys(); key++) {
            repairAndCheck("key " + key);
        }
        nodes.values().forEach(node -> node.store().checkLeaves());
        if (oracle.changesLost() > 0) {
            paths.took(Paths.Path.LOST_WITH_ITS_DISKS);
        }
    }

    private void heal() {
        note("all is well from now on");
        healedMillis = schedule.nowMillis();
        convergesSinceMillis = healedMillis;
        network.heal();
        faults = Faults.NONE;
        nodes.values().forEach(SimulatedNode::restart);
        nodes.values().forEach(node -> node.pause(0));
        nodes.values().forEach(node -> node.membership().run());
        nodes.values().forEach(node -> node.hints().replaySoon());
        nodes.values().forEach(node -> node.exchanges().tickSoon());
    }

    /** As long as anybody asks who is there; and when all is well until all have found each other again. */
    boolean watchesMembers() {
        if (healedMillis == NOT_HEALED) {
            return schedule.nowMillis() < Trouble.MILLIS
                    || clientsAtWork > 0
                    || nodes.values().stream()
                            .anyMatch(node -> !node.isUp()
                                    || !node.isMoving()
                                    || node.hints().areAny());
        }
        List<SimulatedNode> searching = nodes.values().stream()
                .filter(node -> !node.isUp() || !node.membership().seesAll())
                .toList();
        if (!searching.isEmpty() && schedule.nowMillis() - healedMillis > FIND_EACH_OTHER_MILLIS_MAX) {
            throw new Violation(
                    Invariant.ALL_FIND_EACH_OTHER,
                    "all is well since " + healedMillis + " ms, and not all are seen by "
                            + searching.stream().map(SimulatedNode::id).toList());
        }
        return !searching.isEmpty();
    }

    /** A client heard of it from this node. */
    void wrote(NodeId node) {
        network.wrote(node);
    }

    void clientIsDone() {
        clientsAtWork--;
    }

    /** Trouble lasts, or all is well and not all is done: somebody is not seen yet, keeps something for others, or owes an exchange. */
    boolean exchangesGoOn() {
        if (healedMillis == NOT_HEALED) {
            return schedule.nowMillis() < REAPING_MILLIS;
        }
        boolean goOn = watchesMembers()
                || nodes.values().stream().anyMatch(node -> node.hints().areAny())
                || owners().stream().anyMatch(owner -> !node(owner).exchanges().isQuiet());
        if (goOn && schedule.nowMillis() - convergesSinceMillis > CONVERGE_MILLIS_MAX) {
            throw new Violation(
                    Invariant.OWED_EXCHANGES_ARE_MADE,
                    "all is well since " + convergesSinceMillis + " ms, and yet "
                            + owners().stream()
                                    .map(owner -> node(owner).exchanges())
                                    .toList());
        }
        return goOn;
    }

    /**
     * What hints did not bring exchanges did, without any read. Not all that differs is owed: 1. A and B have a write that C missed, and A owes it; 2. A loses its
     * disk; 3. after its start A, which owes all, compares with C, and then with B: what it gets there C still lacks. Were it to owe C again for that, replicas that
     * are written to all the time, which always differ by what is on its way, would be compared without end. And nobody waits for the end of a reaped
     * tombstone. So the next turn of each pair has to come.
     */
    private void checkThatOwnersAgree() {
        if (!differing(this::ownersAgreeOn).isEmpty()) {
            checkThatLossesAreOwed();
            paths.took(Paths.Path.NEXT_TURN_NEEDED);
            note("each pair has its next turn");
            schedule.after(SimulatedExchanges.INTERVAL_MILLIS_MAX, this::takeNextTurns);
            schedule.runUntilNothingIsPlanned();
        }
        for (String key : differing(this::ownersAgreeOn)) {
            throw new Violation(
                    Invariant.REPLICAS_CONVERGE,
                    "the owners of " + key + " differ though all hints are delivered and all pairs have exchanged: "
                            + recordsOf(key));
        }
    }

    private void takeNextTurns() {
        convergesSinceMillis = schedule.nowMillis();
        owners().forEach(owner -> node(owner).exchanges().takeNextTurns());
    }

    /** Where nothing is lost but messages, nothing but what their senders owe is missing. */
    private void checkThatLossesAreOwed() {
        if (plan.faults().areLossesAlone()) {
            for (String key : differing(this::ownersShowTheSameOf)) {
                throw new Violation(
                        Invariant.MISSED_WRITES_ARE_OWED,
                        "the owners of " + key + " differ, and nobody owes an exchange: " + recordsOf(key));
            }
        }
    }

    private List<String> differing(Predicate<String> isTheSame) {
        return IntStream.range(0, plan.keys())
                .mapToObj(key -> "key " + key)
                .filter(isTheSame.negate())
                .toList();
    }

    /**
     * A read of all owners makes them equal. It may take two: what one owner alone still knows as superseded goes there, and at the next read
     * everywhere.
     */
    private void repairAndCheck(String key) {
        for (int reads = 0; reads < READS_TO_CONVERGE || !ownersAgreeOn(key); reads++) {
            if (reads > READS_TO_CONVERGE) {
                throw new Violation(
                        Invariant.REPLICAS_CONVERGE,
                        "the owners of " + key + " differ after " + reads + " reads of all of them");
            }
            node(owners().getFirst())
                    .execute(new ClientRequest.Get(Samples.storeKey(key).key(), plan.owners()), outcome -> {
                        if (!(outcome instanceof Outcome.Found)) {
                            throw new Violation(
                                    Invariant.EACH_REQUEST_IS_ANSWERED_ONCE,
                                    "all are well, and a read is answered by " + outcome);
                        }
                    });
            schedule.runUntilNothingIsPlanned();
        }
        oracle.checkEnd(Samples.storeKey(key).key(), recordAt(owners().getFirst(), key));
    }

    private boolean ownersAgreeOn(String key) {
        return recordsOf(key).stream().distinct().count() == 1;
    }

    /** To readers: a tombstone that is reaped at some is the same as none. */
    private boolean ownersShowTheSameOf(String key) {
        return recordsOf(key).stream().map(Samples::textsIn).distinct().count() == 1;
    }

    private List<VersionedRecord> recordsOf(String key) {
        return owners().stream().map(owner -> recordAt(owner, key)).toList();
    }

    private VersionedRecord recordAt(NodeId owner, String key) {
        return node(owner).disk().read(Samples.storeKey(key)).record();
    }

    /**
     * What is left of it, others have on disk, but for what they have let go since; and but for those that were restored from a copy, which lose theirs when
     * they are found out.
     */
    void diskLost(NodeId id) {
        var elsewhere = new LinkedHashMap<NodeId, Set<String>>();
        for (SimulatedNode other : nodes.values()) {
            if (!other.id().equals(id) && !other.directory().isRestored()) {
                Set<String> texts = new LinkedHashSet<>();
                other.disk().durable().records().forEach((key, row) -> {
                    if (other.disk().rows().containsKey(key)) {
                        texts.addAll(Samples.textsIn(row.record()));
                    }
                });
                elsewhere.put(other.id(), texts);
            }
        }
        oracle.diskLost(id, elsewhere);
    }

    /** As nodes do when they start. */
    void callAll(SimulatedNode node) {
        for (SimulatedNode other : nodes.values()) {
            if (other != node
                    && other.isUp()
                    && other.isMoving()
                    && !network.isCut(node.id(), other.id())
                    && !network.isCut(other.id(), node.id())) {
                if (meet(node, node.boot(), other)) {
                    node.membership().reached(other.id());
                    other.membership().reached(node.id());
                }
            }
        }
    }

    /** The handshake of both (rule N3). Whether they may speak with each other. */
    private boolean meet(SimulatedNode caller, BootId boot, SimulatedNode listener) {
        if (plan.mutation() == Mutation.RESTORED_COPY_SERVES) {
            return true;
        }
        boolean mutuallyAccepted = true;
        boolean equalsToo = plan.mutation() == Mutation.EQUAL_START_NUMBER_IS_LET_IN;
        if (!listener.directory().accepts(caller.id(), boot, equalsToo)) {
            mutuallyAccepted = false;
            if (boot.equals(caller.boot())) {
                turnAway(caller);
            }
        } else if (boot.equals(caller.boot())
                && !caller.directory().accepts(listener.id(), listener.boot(), equalsToo)) {
            mutuallyAccepted = false;
            turnAway(listener);
        }
        return mutuallyAccepted;
    }

    private void turnAway(SimulatedNode node) {
        if (node.isUp()) {
            note(node.id() + " is turned away: its directory was restored");
            paths.took(Paths.Path.ROLLBACK_FOUND);
            node.turnedAway();
            trouble.restartSoon(node);
        }
    }

    private final class Doors implements SimulatedNetwork.Receiver {
        @Override
        public Door door(SimulatedNetwork.Caller from, NodeId to) {
            if (!node(to).isUp()) {
                return Door.NOBODY;
            }
            return meet(node(from.node()), from.boot(), node(to)) ? Door.OPEN : Door.SHUT;
        }

        @Override
        public void receive(NodeId to, PeerRequest request, Consumer<PeerReply> reply) {
            note(to + " is asked to " + request.getClass().getSimpleName());
            node(to).received(() -> node(to).execute(request, reply));
        }
    }

    void call(NodeId from, NodeId to, PeerRequest request, Consumer<Event> caller) {
        SimulatedNode node = node(from);
        Runnable heard = node.whileUp(() -> node.membership().heard(to));
        network.call(callerOf(node), to, request, event -> {
            if (event instanceof Event.Replied) {
                heard.run();
            }
            caller.accept(event);
        });
    }

    /** Whether the peer is there, as a link asks. */
    void ping(SimulatedNode node, NodeId to) {
        Runnable heard = node.whileUp(() -> node.membership().heard(to));
        Runnable refused = node.whileUp(() -> node.membership().refused(to));
        SimulatedNode peer = node(to);
        network.send(
                callerOf(node),
                to,
                () -> peer.received(() -> network.send(callerOf(peer), node.id(), heard, () -> {})),
                refused);
    }

    void gossip(SimulatedNode node, NodeId to, SwimMessage message) {
        SimulatedNode peer = node(to);
        network.send(
                callerOf(node),
                to,
                () -> peer.received(() -> peer.membership().received(node.id(), message)),
                node.whileUp(() -> node.membership().refused(to)));
    }

    private static SimulatedNetwork.Caller callerOf(SimulatedNode node) {
        return new SimulatedNetwork.Caller(node.id(), node.boot());
    }

    SimulatedNode node(NodeId id) {
        SimulatedNode node = nodes.get(id);
        if (node == null) {
            throw new AssertionError("no node " + id);
        }
        return node;
    }

    SimulatedNode anyNode() {
        return List.copyOf(nodes.values()).get(random.nextInt(nodes.size()));
    }

    List<NodeId> owners() {
        return walk.owners();
    }

    PreferenceList walk() {
        return walk;
    }

    /** What a node's machines believe of another; now and then anything at all, for whatever that is nothing may be lost. */
    Liveness believedOf(SimulatedNode by, NodeId peer) {
        if (random.nextInt(100) < faults.wrongView()) {
            Liveness believed = ANYTHING.get(random.nextInt(ANYTHING.size()));
            if (believed == Liveness.DOWN) {
                by.membership().countDown(peer);
            }
            return believed;
        }
        return by.membership().liveness(peer);
    }

    /** Clocks differ by up to a minute, and one is set now and then. */
    long clockMillis(NodeId id) {
        long offMillis = Math.floorMod(id.hashCode() * 7919L, 60_000L) + trouble.clockSetMillis(id);
        return 1_000_000 + schedule.nowMillis() + offMillis;
    }

    /** A batch now and then takes as long as a message, a slow one included. */
    long storeDelayMillis() {
        return random.nextBoolean() ? network.delayMillis() : 0;
    }

    /** A disk takes its time, so that a crash finds something to take. */
    long syncDelayMillis() {
        return network.delayMillis();
    }

    static long lengthMillis(Timer timer) {
        return switch (timer) {
            case HEDGE -> 100;
            case DEADLINE -> 1000;
        };
    }

    /** Clients are quiet for some seconds, and before it they clear things away. */
    boolean isClearing() {
        long untilLull = lullFromMillis - schedule.nowMillis();
        return 0 <= untilLull && untilLull < CLEARING_MILLIS;
    }

    /** How long clients are quiet yet. */
    long lullMillis() {
        long since = schedule.nowMillis() - lullFromMillis;
        return 0 <= since && since < LULL_MILLIS ? LULL_MILLIS - since : 0;
    }

    void countOperation() {
        operations++;
    }

    void note(String what) {
        trace.add(schedule.nowMillis() + " " + what);
    }

    Plan plan() {
        return plan;
    }

    RandomGenerator random() {
        return random;
    }

    Schedule schedule() {
        return schedule;
    }

    DotLedger dots() {
        return dots;
    }

    Oracle oracle() {
        return oracle;
    }

    Paths paths() {
        return paths;
    }
}
