package io.dynamokv.core.simulation;

import io.dynamokv.core.cluster.NodeId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What befalls a simulated cluster at moments of a seed's choice: crashes, pauses, cuts, clocks, disks. */
final class Trouble {
    /** In which it begins. */
    static final int MILLIS = 8000;

    private static final int PAUSE_MILLIS_MAX = 2500;
    private static final int ABSENCE_MILLIS_MIN = 10_000;
    private static final int ABSENCE_MILLIS_MAX = 35_000;
    private static final int RESTART_MILLIS_MAX = 2000;
    private static final int CUT_MILLIS_MAX = 1500;
    private static final int CLOCK_SET_MILLIS_MAX = 20_000;

    private final Cluster cluster;
    private final SimulatedNetwork network;
    private final Schedule schedule;
    private final RandomGenerator random;
    /** Since the beginning, of those that were set. */
    private final Map<NodeId, Long> clockSetMillis = new LinkedHashMap<>();

    private int hits;

    Trouble(Cluster cluster, SimulatedNetwork network) {
        this.cluster = cluster;
        this.network = network;
        schedule = cluster.schedule();
        random = cluster.random();
    }

    void plan(Faults faults) {
        for (int i = 0; i < faults.blows(); i++) {
            schedule.after(random.nextInt(MILLIS), this::crashOne);
            schedule.after(random.nextInt(MILLIS), this::pauseOne);
            schedule.after(random.nextInt(MILLIS), this::cutInTwo);
            schedule.after(random.nextInt(MILLIS), this::cutOneWay);
        }
        for (int i = 0; i < faults.absences(); i++) {
            schedule.after(random.nextInt(MILLIS), this::sendOneAway);
        }
        if (faults.blows() > 0) {
            schedule.after(random.nextInt(MILLIS), this::crashAllOwners);
            schedule.after(random.nextInt(MILLIS), this::setOneClock);
        }
        for (int i = 0; i < faults.disksLost(); i++) {
            schedule.after(random.nextInt(MILLIS), this::loseOneDisk);
        }
        for (int i = 0; i < faults.copiesRestored(); i++) {
            schedule.after(random.nextInt(MILLIS), this::copyOneDirectory);
        }
    }

    /** Blows that hit: what befell a node that was down already is none. */
    int hits() {
        return hits;
    }

    long clockSetMillis(NodeId node) {
        return clockSetMillis.getOrDefault(node, 0L);
    }

    private void hit(String what) {
        hits++;
        cluster.note(what);
    }

    /** Forward or back; all clocks still differ by less than the two minutes for which repeats are known. */
    private void setOneClock() {
        SimulatedNode node = cluster.anyNode();
        long byMillis = random.nextInt(-CLOCK_SET_MILLIS_MAX, CLOCK_SET_MILLIS_MAX + 1);
        hit("clock of " + node.id() + " is set by " + byMillis + " ms");
        cluster.paths().took(byMillis < 0 ? Paths.Path.CLOCK_SET_BACK : Paths.Path.CLOCK_SET_FORWARD);
        clockSetMillis.put(node.id(), byMillis);
    }

    private void crashOne() {
        crash(cluster.anyNode(), 1 + random.nextInt(RESTART_MILLIS_MAX));
    }

    /** Dead, stopped or out of reach. */
    private void sendOneAway() {
        int millis = random.nextInt(ABSENCE_MILLIS_MIN, ABSENCE_MILLIS_MAX);
        switch (random.nextInt(4)) {
            case 0 -> crash(cluster.anyNode(), millis);
            case 1 -> pause(cluster.anyNode(), millis);
            case 2 -> cutInTwo(millis);
            default -> cutOneWay(millis);
        }
    }

    private void crashAllOwners() {
        cluster.owners().forEach(owner -> crash(cluster.node(owner), 1 + random.nextInt(RESTART_MILLIS_MAX)));
    }

    private void loseOneDisk() {
        SimulatedNode node = cluster.anyNode();
        if (node.isUp()) {
            hit("disk of " + node.id() + " is lost");
            cluster.paths().took(Paths.Path.DISK_LOST);
            node.loseDisk();
            schedule.after(1 + random.nextInt(RESTART_MILLIS_MAX), node::restart);
        }
    }

    private void copyOneDirectory() {
        SimulatedNode node = cluster.anyNode();
        cluster.note("directory of " + node.id() + " is copied");
        node.directory().takeCopy();
        schedule.after(random.nextInt(ABSENCE_MILLIS_MAX), () -> restoreCopyOf(node));
    }

    /** Counts as a lost disk: what came since the copy is on one replica less. */
    private void restoreCopyOf(SimulatedNode node) {
        if (node.isUp() && node.directory().hasOldCopy()) {
            hit("directory of " + node.id() + " is restored from its copy");
            crash(node, 1 + random.nextInt(RESTART_MILLIS_MAX));
            node.restoreCopy();
        }
    }

    private void crash(SimulatedNode node, int restartMillis) {
        if (node.isUp()) {
            hit("crash of " + node.id());
            node.crash();
            restart(node, restartMillis);
        }
    }

    void restartSoon(SimulatedNode node) {
        restart(node, 1 + random.nextInt(RESTART_MILLIS_MAX));
    }

    private void restart(SimulatedNode node, int inMillis) {
        schedule.after(inMillis, () -> {
            cluster.note("restart of " + node.id());
            node.restart();
        });
    }

    private void cutInTwo() {
        cutInTwo(1 + random.nextInt(CUT_MILLIS_MAX));
    }

    private void cutInTwo(int millis) {
        Set<NodeId> side = new LinkedHashSet<>();
        Set<NodeId> otherSide = new LinkedHashSet<>();
        cluster.walk().walk().forEach(node -> (random.nextBoolean() ? side : otherSide).add(node));
        if (side.isEmpty() || otherSide.isEmpty()) {
            return;
        }
        hit("cut off for " + millis + " ms: " + side);
        SimulatedNetwork.Cut cut = network.cutOff(side, otherSide);
        schedule.after(millis, () -> network.heal(cut));
    }

    private void cutOneWay() {
        cutOneWay(1 + random.nextInt(CUT_MILLIS_MAX));
    }

    private void cutOneWay(int millis) {
        SimulatedNode from = cluster.anyNode();
        SimulatedNode to = cluster.anyNode();
        if (from == to) {
            return;
        }
        hit("cut one way for " + millis + " ms: " + from.id() + " to " + to.id());
        SimulatedNetwork.Cut cut = network.cutOneWay(from.id(), to.id());
        schedule.after(millis, () -> network.heal(cut));
    }

    private void pauseOne() {
        pause(cluster.anyNode(), 1 + random.nextInt(PAUSE_MILLIS_MAX));
    }

    private void pause(SimulatedNode node, int millis) {
        if (node.isUp() && node.isMoving()) {
            hit("pause of " + node.id() + " for " + millis + " ms");
            cluster.paths().took(Paths.Path.PAUSE);
            node.pause(millis);
        }
    }
}
