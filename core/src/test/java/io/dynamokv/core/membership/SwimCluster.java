package io.dynamokv.core.membership;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A whole cluster of {@link Swim} machines in virtual time, from one seed: nodes are killed, paused, started again elsewhere; the network
 * delays, loses, and is cut, also in one direction only. A message goes to an address and is lost if another node, or none, is there.
 */
final class SwimCluster {
    static final int TICK_MILLIS = 100;
    private static final int STEPS_MAX = 5_000_000;

    /** What one node came to believe of another. */
    record Change(long atMillis, NodeId by, NodeId of, Liveness from, Liveness to) {}

    final class Node {
        final NodeId id;
        NodeAddress address;
        Swim swim;
        boolean running = true;
        boolean paused;
        long bytesSent;
        long messagesSent;
        long bytesReceived;
        private long boots = 1;
        private final List<Runnable> whilePaused = new ArrayList<>();
        final List<SwimEffect> told = new ArrayList<>();

        private Node(int number) {
            id = new NodeId(new UUID(0, 0xA000L + number));
            address = at(number);
            swim = machine();
        }

        private Swim machine() {
            return new Swim(new Swim.Identity(id, new BootId(boots, 7), address), settings, fork(), nowMillis);
        }

        @Override
        public String toString() {
            return "n" + (id.value().getLeastSignificantBits() - 0xA000L);
        }
    }

    private record Planned(long atMillis, long number, Runnable task) {}

    final List<Node> nodes = new ArrayList<>();
    final List<Change> changes = new ArrayList<>();
    final List<String> trace = new ArrayList<>();
    boolean tracing;
    int largestBytes;
    int lossPercent;
    int delayMillisMax = 5;

    private final RandomGenerator random;
    private final SwimSettings settings;
    private final PriorityQueue<Planned> planned =
            new PriorityQueue<>(Comparator.comparingLong(Planned::atMillis).thenComparingLong(Planned::number));
    private BiPredicate<Node, Node> isCut = (_, _) -> false;
    private boolean machinesRefuse;
    private long nowMillis = 1_000_000;
    private long numbers;
    private int steps;

    SwimCluster(int size, RandomGenerator random) {
        this(size, random, SwimSettings.DEFAULT);
    }

    SwimCluster(int size, RandomGenerator random, SwimSettings settings) {
        this.random = random;
        this.settings = settings;
        for (int i = 0; i < size; i++) {
            nodes.add(new Node(i));
        }
        nodes.forEach(node -> begin(node, true));
    }

    /** As pods' addresses are. */
    static NodeAddress at(int number) {
        return new NodeAddress("10.244." + number / 100 + "." + (100 + number % 100), 7000, 8080);
    }

    private RandomGenerator fork() {
        return SeededProperty.GENERATORS.create(random.nextLong());
    }

    long nowMillis() {
        return nowMillis;
    }

    private void begin(Node node, boolean knowsAddresses) {
        var ids = new TreeSet<NodeId>();
        nodes.forEach(each -> ids.add(each.id));
        node.swim.members(ids);
        if (knowsAddresses) {
            nodes.forEach(each -> node.swim.learn(each.id, each.address));
        }
        tickLater(node, node.swim, random.nextInt(TICK_MILLIS));
    }

    private void tickLater(Node node, Swim machine, long delayMillis) {
        after(delayMillis, () -> {
            if (node.running && node.swim == machine) {
                if (!node.paused) {
                    perform(node, machine.tick(nowMillis));
                }
                tickLater(node, machine, TICK_MILLIS);
            }
        });
    }

    void after(long delayMillis, Runnable task) {
        planned.add(new Planned(nowMillis + delayMillis, numbers++, task));
    }

    void runFor(long millis) {
        long end = nowMillis + millis;
        for (Planned next = planned.peek(); next != null && next.atMillis() <= end; next = planned.peek()) {
            if (++steps > STEPS_MAX) {
                throw new AssertionError("more than " + STEPS_MAX + " steps: something goes on for ever");
            }
            planned.remove();
            nowMillis = next.atMillis();
            next.task().run();
        }
        nowMillis = end;
    }

    private void perform(Node node, List<SwimEffect> effects) {
        for (SwimEffect effect : effects) {
            if (tracing) {
                trace.add(nowMillis + " " + node + " " + effect);
            }
            switch (effect) {
                case SwimEffect.Send send -> send(node, send);
                case SwimEffect.Changed(NodeId of, Liveness from, Liveness to) ->
                    changes.add(new Change(nowMillis, node.id, of, from, to));
                case SwimEffect.HigherEpoch higher -> node.told.add(higher);
                case SwimEffect.Moved moved -> node.told.add(moved);
            }
        }
    }

    private void send(Node from, SwimEffect.Send send) {
        from.bytesSent += send.message().sizeBytes();
        from.messagesSent++;
        boolean isSync =
                send.message() instanceof SwimMessage.SyncRequest || send.message() instanceof SwimMessage.SyncReply;
        if (!isSync) {
            largestBytes = Math.max(largestBytes, send.message().sizeBytes());
        }
        if (random.nextInt(100) >= lossPercent) {
            after(1 + random.nextInt(delayMillisMax), () -> arrive(from, send));
        }
    }

    private void arrive(Node from, SwimEffect.Send send) {
        Node to = listenerAt(send.address());
        if (to == null) {
            if (machinesRefuse && !from.paused && from.running) {
                perform(from, from.swim.refused(send.to(), nowMillis));
            }
        } else if (to.id.equals(send.to()) && !isCut.test(from, to)) {
            to.bytesReceived += send.message().sizeBytes();
            deliver(to, () -> perform(to, to.swim.received(from.id, send.message(), nowMillis)));
        }
    }

    private @Nullable Node listenerAt(NodeAddress address) {
        return nodes.stream()
                .filter(node -> node.running && node.address.equals(address))
                .findFirst()
                .orElse(null);
    }

    private void deliver(Node to, Runnable delivery) {
        if (to.paused) {
            to.whilePaused.add(delivery);
        } else {
            delivery.run();
        }
    }

    /** A killed process on a machine that is well is refused; a lost machine is only silent. */
    void machinesRefuse() {
        machinesRefuse = true;
    }

    void cut(BiPredicate<Node, Node> isCut) {
        this.isCut = isCut;
    }

    void heal() {
        cut((_, _) -> false);
    }

    void kill(Node node) {
        node.running = false;
    }

    /** With what it knew of addresses before, as a node's directory has it, or with nothing but its own. */
    void restart(Node node, NodeAddress address, Map<NodeId, NodeAddress> remembered) {
        node.running = true;
        node.paused = false;
        node.whilePaused.clear();
        node.address = address;
        node.boots++;
        node.swim = node.machine();
        begin(node, false);
        remembered.forEach(node.swim::learn);
    }

    Map<NodeId, NodeAddress> addresses() {
        var all = new HashMap<NodeId, NodeAddress>();
        nodes.forEach(node -> all.put(node.id, node.address));
        return all;
    }

    /** Nothing runs, not even its clock's ticks; what arrives waits. Then the waiting messages or a tick come first, by lot. */
    void pause(Node node, long millis) {
        node.paused = true;
        Swim machine = node.swim;
        after(millis, () -> {
            if (!node.running || node.swim != machine) {
                return;
            }
            node.paused = false;
            if (random.nextBoolean()) {
                perform(node, node.swim.tick(nowMillis));
            }
            List<Runnable> waiting = List.copyOf(node.whilePaused);
            node.whilePaused.clear();
            waiting.forEach(Runnable::run);
        });
    }

    /** What the node's user does when it has a newer map. */
    void announce(Node node, Epoch epoch) {
        perform(node, node.swim.mapEpoch(epoch));
    }

    boolean allBelieve(Node subject, Liveness liveness) {
        return nodes.stream()
                .filter(node -> node.running && node != subject)
                .allMatch(node -> node.swim.liveness(subject.id) == liveness);
    }

    boolean allAreAlive() {
        return nodes.stream().allMatch(node -> allBelieve(node, Liveness.ALIVE));
    }

    boolean allKnowWhere(Node subject) {
        return nodes.stream()
                .filter(node -> node.running && node != subject)
                .allMatch(node -> node.swim.address(subject.id).equals(Optional.of(subject.address)));
    }

    /** The milliseconds that it took, or -1 if it took longer. */
    long runUntil(BooleanSupplier reached, long millisMax) {
        for (long passed = 0; passed <= millisMax; passed += 10) {
            if (reached.getAsBoolean()) {
                return passed;
            }
            runFor(10);
        }
        return -1;
    }
}
