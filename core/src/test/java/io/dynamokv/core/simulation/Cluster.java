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
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.ring.PreferenceList;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A whole cluster in one thread from one seed: nodes with disks, a network, clients, and what goes wrong. One partition: the first nodes own it,
 * the others forward and stand in.
 */
final class Cluster {
    private static final int TROUBLE_MILLIS = 8000;
    static final int REAPING_MILLIS = 80_000;
    /** Long enough for a tombstone to be reaped. */
    private static final int LULL_MILLIS = 18_000;
    /** So long before it clients delete more than they write. */
    private static final int CLEARING_MILLIS = 1500;

    private static final int PAUSE_MILLIS_MAX = 2500;
    private static final int ABSENCE_MILLIS_MIN = 10_000;
    private static final int ABSENCE_MILLIS_MAX = 35_000;
    private static final int RESTART_MILLIS_MAX = 2000;
    private static final int CLOCK_SET_MILLIS_MAX = 20_000;
    private static final int READS_TO_CONVERGE = 2;
    private static final int EXCHANGES_TO_CONVERGE = 2;
    /** {@code sim --trace} shows all. */
    private static final int TRACE_LINES_SHOWN = Integer.getInteger("dynamokv.sim.lines", 60);

    private static final List<Liveness> ANYTHING = List.of(Liveness.values());

    private final Plan plan;
    private final RandomGenerator random;
    private final Schedule schedule = new Schedule();
    private final Map<NodeId, SimulatedNode> nodes = new LinkedHashMap<>();
    private final SimulatedNetwork network;
    private final DotLedger dots;
    private final Oracle oracle = new Oracle();
    private final Paths paths = new Paths();
    private final List<String> trace = new ArrayList<>();
    /** The first nodes own the partition, the others follow in the walk. */
    private final PreferenceList walk;

    /** Since the beginning, of those that were set. */
    private final Map<NodeId, Long> clockSetMillis = new LinkedHashMap<>();

    private int operations;
    private int faultsThatHit;

    private Faults faults;
    private final long lullFromMillis;

    Cluster(Plan plan, RandomGenerator random) {
        this.plan = plan;
        this.random = random;
        dots = new DotLedger(plan.mutation());
        faults = plan.faults();
        lullFromMillis = random.nextInt(TROUBLE_MILLIS);
        network = new SimulatedNetwork(
                schedule,
                random,
                this::receive,
                () -> faults,
                paths,
                plan.mutation() == Mutation.LATE_MESSAGES_ARE_READ);
        for (int i = 0; i < plan.nodes(); i++) {
            NodeId id = Samples.node(String.valueOf((char) ('a' + i)));
            nodes.put(id, new SimulatedNode(id, this));
        }
        List<NodeId> all = List.copyOf(nodes.keySet());
        walk = new PreferenceList(new Partition(Samples.PARTITION, new Epoch(1), all.subList(0, plan.owners())), all);
        nodes.values().forEach(node -> node.store().keepLeaves());
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
        return new Story(cluster.trace, cluster.paths, cluster.operations, cluster.faultsThatHit);
    }

    private void play() {
        for (int i = 0; i < Plan.CLIENTS; i++) {
            new SimulatedClient(i, this).begin();
        }
        for (int i = 0; i < faults.blows(); i++) {
            schedule.after(random.nextInt(TROUBLE_MILLIS), this::crashOne);
            schedule.after(random.nextInt(TROUBLE_MILLIS), this::pauseOne);
            schedule.after(random.nextInt(TROUBLE_MILLIS), this::cutInTwo);
            schedule.after(random.nextInt(TROUBLE_MILLIS), this::cutOneWay);
        }
        for (int i = 0; i < faults.absences(); i++) {
            schedule.after(random.nextInt(TROUBLE_MILLIS), this::sendOneAway);
        }
        if (faults.blows() > 0) {
            schedule.after(random.nextInt(TROUBLE_MILLIS), this::crashAllOwners);
            schedule.after(random.nextInt(TROUBLE_MILLIS), this::setOneClock);
            if (plan.writeQuorum() > 1) {
                switch (faults.oneDisk()) {
                    case STAYS -> {}
                    case IS_LOST -> schedule.after(random.nextInt(TROUBLE_MILLIS), this::loseOneDisk);
                    case IS_RESTORED_FROM_A_COPY ->
                        schedule.after(random.nextInt(TROUBLE_MILLIS), this::copyOneDirectory);
                }
            }
        }
        nodes.values().forEach(node -> node.reaping().reapForSomeTime(REAPING_MILLIS));
        nodes.values().forEach(node -> node.exchanges().exchangeForSomeTime(REAPING_MILLIS));
        schedule.runUntilNothingIsPlanned();
        network.heal();
        faults = Faults.NONE;
        nodes.values().forEach(SimulatedNode::restart);
        nodes.values().forEach(node -> node.pause(0));
        nodes.values().forEach(node -> node.hints().replaySoon());
        schedule.runUntilNothingIsPlanned();
        nodes.values().forEach(node -> node.hints().areNone());
        exchangeAmongOwners();
        for (int key = 0; key < plan.keys(); key++) {
            repairAndCheck("key " + key);
        }
        nodes.values().forEach(node -> node.store().checkLeaves());
    }

    /** What hints did not bring exchanges do, without any read: in the first round each owner gets what the one before has, in the second what all have. */
    private void exchangeAmongOwners() {
        for (int round = 0; round < EXCHANGES_TO_CONVERGE; round++) {
            for (NodeId owner : owners()) {
                for (NodeId peer : owners()) {
                    if (!owner.equals(peer)) {
                        node(owner).exchanges().exchangeNow(peer);
                        schedule.runUntilNothingIsPlanned();
                    }
                }
            }
        }
        for (int key = 0; key < plan.keys(); key++) {
            String name = "key " + key;
            if (!ownersAgreeOn(name)) {
                throw new AssertionError("the owners of " + name + " differ though all hints are delivered and all"
                        + " pairs have exchanged: "
                        + owners().stream().map(owner -> recordAt(owner, name)).toList());
            }
        }
    }

    /**
     * A read of all owners makes them equal. It may take two: what one owner alone still knows as superseded goes there, and at the next read
     * everywhere.
     */
    private void repairAndCheck(String key) {
        for (int reads = 0; reads < READS_TO_CONVERGE || !ownersAgreeOn(key); reads++) {
            if (reads > READS_TO_CONVERGE) {
                throw new AssertionError("the owners of " + key + " differ after " + reads + " reads of all of them");
            }
            node(owners().getFirst())
                    .execute(new ClientRequest.Get(Samples.storeKey(key).key(), plan.owners()), outcome -> {
                        if (!(outcome instanceof Outcome.Found)) {
                            throw new AssertionError("all are well, and a read is answered by " + outcome);
                        }
                    });
            schedule.runUntilNothingIsPlanned();
        }
        oracle.checkEnd(Samples.storeKey(key).key(), recordAt(owners().getFirst(), key));
    }

    private boolean ownersAgreeOn(String key) {
        return owners().stream().map(owner -> recordAt(owner, key)).distinct().count() == 1;
    }

    private VersionedRecord recordAt(NodeId owner, String key) {
        return node(owner).disk().read(Samples.storeKey(key)).record();
    }

    /** Forward or back; all clocks still differ by less than the two minutes for which repeats are known. */
    private void setOneClock() {
        SimulatedNode node = anyNode();
        long byMillis = random.nextInt(-CLOCK_SET_MILLIS_MAX, CLOCK_SET_MILLIS_MAX + 1);
        fault("clock of " + node.id() + " is set by " + byMillis + " ms");
        paths.took(byMillis < 0 ? Paths.Path.CLOCK_SET_BACK : Paths.Path.CLOCK_SET_FORWARD);
        clockSetMillis.put(node.id(), byMillis);
    }

    private void crashOne() {
        crash(anyNode(), 1 + random.nextInt(RESTART_MILLIS_MAX));
    }

    private void sendOneAway() {
        int millis = random.nextInt(ABSENCE_MILLIS_MIN, ABSENCE_MILLIS_MAX);
        if (random.nextBoolean()) {
            crash(anyNode(), millis);
        } else {
            pause(anyNode(), millis);
        }
    }

    private void crashAllOwners() {
        owners().forEach(owner -> crash(node(owner), 1 + random.nextInt(RESTART_MILLIS_MAX)));
    }

    /** One only, and only where an acknowledged write is on two: then nothing may be lost. */
    private void loseOneDisk() {
        SimulatedNode node = node(owners().get(random.nextInt(plan.owners())));
        if (node.isUp()) {
            fault("disk of " + node.id() + " is lost");
            paths.took(Paths.Path.DISK_LOST);
            oracle.diskLost();
            node.loseDisk();
            schedule.after(1 + random.nextInt(RESTART_MILLIS_MAX), node::restart);
        }
    }

    private void copyOneDirectory() {
        SimulatedNode node = node(owners().get(random.nextInt(plan.owners())));
        note("directory of " + node.id() + " is copied");
        node.directory().takeCopy();
        schedule.after(random.nextInt(ABSENCE_MILLIS_MAX), () -> restoreCopyOf(node));
    }

    /** Counts as a lost disk: what came since the copy is on one replica less. */
    private void restoreCopyOf(SimulatedNode node) {
        if (node.isUp() && node.directory().hasOldCopy()) {
            fault("directory of " + node.id() + " is restored from its copy");
            oracle.diskLost();
            crash(node, 1 + random.nextInt(RESTART_MILLIS_MAX));
            node.directory().restoreCopy();
        }
    }

    /** As nodes do when they start. */
    void callAll(SimulatedNode node) {
        for (SimulatedNode other : nodes.values()) {
            if (other != node
                    && other.isUp()
                    && other.isMoving()
                    && !network.isCut(node.id(), other.id())
                    && !network.isCut(other.id(), node.id())) {
                meet(node, node.boot(), other);
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
            restart(node, 1 + random.nextInt(RESTART_MILLIS_MAX));
        }
    }

    private void crash(SimulatedNode node, int restartMillis) {
        if (node.isUp()) {
            fault("crash of " + node.id());
            node.crash();
            restart(node, restartMillis);
        }
    }

    private void restart(SimulatedNode node, int inMillis) {
        schedule.after(inMillis, () -> {
            note("restart of " + node.id());
            node.restart();
        });
    }

    private void cutInTwo() {
        Set<NodeId> side = new LinkedHashSet<>();
        nodes.keySet().stream().filter(_ -> random.nextBoolean()).forEach(side::add);
        if (side.isEmpty() || side.size() == nodes.size()) {
            return;
        }
        fault("cut off: " + List.copyOf(side));
        network.cutOff(side);
        schedule.after(1 + random.nextInt(1500), network::heal);
    }

    private void cutOneWay() {
        SimulatedNode from = anyNode();
        SimulatedNode to = anyNode();
        if (from == to) {
            return;
        }
        fault("cut one way: " + from.id() + " to " + to.id());
        network.cutOneWay(from.id(), to.id());
        schedule.after(1 + random.nextInt(1500), network::heal);
    }

    private void pauseOne() {
        pause(anyNode(), 1 + random.nextInt(PAUSE_MILLIS_MAX));
    }

    private void pause(SimulatedNode node, int millis) {
        if (node.isUp() && node.isMoving()) {
            fault("pause of " + node.id() + " for " + millis + " ms");
            paths.took(Paths.Path.PAUSE);
            node.pause(millis);
        }
    }

    private boolean receive(SimulatedNetwork.Caller from, NodeId to, PeerRequest request, Consumer<PeerReply> reply) {
        SimulatedNode node = node(to);
        if (!node.isUp() || !meet(node(from.node()), from.boot(), node)) {
            return false;
        }
        note(to + " is asked to " + request.getClass().getSimpleName());
        node.received(request, reply);
        return true;
    }

    void call(NodeId from, NodeId to, PeerRequest request, Consumer<Event> caller) {
        network.call(new SimulatedNetwork.Caller(from, node(from).boot()), to, request, caller);
    }

    private SimulatedNode node(NodeId id) {
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

    /** What a node believes of another: most often the truth. */
    Liveness believedOf(NodeId peer) {
        if (random.nextInt(100) < faults.wrongView()) {
            return ANYTHING.get(random.nextInt(ANYTHING.size()));
        }
        return node(peer).isUp() ? Liveness.ALIVE : Liveness.DOWN;
    }

    /** Clocks differ by up to a minute, and one is set now and then. */
    long clockMillis(NodeId id) {
        long offMillis = Math.floorMod(id.hashCode() * 7919L, 60_000L) + clockSetMillis.getOrDefault(id, 0L);
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

    private void fault(String what) {
        faultsThatHit++;
        note(what);
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
