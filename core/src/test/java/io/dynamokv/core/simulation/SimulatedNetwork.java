package io.dynamokv.core.simulation;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Event;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Peer links that delay, lose, and are cut. A call ends with {@code Replied}, with {@code Lost} or in silence; what was called lost may be
 * delivered all the same, only not when the loss was a sure one.
 */
final class SimulatedNetwork {
    private static final int DELAY_MILLIS = 20;
    private static final int SLOW_MILLIS = 3000;
    private static final int STUCK_MILLIS = 30_000;
    /** A link that is slower than this is closed unread (rule T2). */
    private static final int LIFE_MILLIS = 2000;

    /** What a caller finds at a node. */
    enum Door {
        OPEN,
        /** One of the two turns the other away. */
        SHUT,
        NOBODY
    }

    /** The nodes. */
    interface Receiver {
        Door door(Caller from, NodeId to);

        /** Behind an open door. */
        void receive(NodeId to, PeerRequest request, Consumer<PeerReply> reply);
    }

    /** What the ones send does not reach the others, until it is healed. */
    static final class Cut {
        private final Set<NodeId> from;
        private final Set<NodeId> to;
        private final boolean bothWays;
        /** Nodes of both sides that took writes in it. */
        private boolean fromWrote;

        private boolean toWrote;

        private Cut(Set<NodeId> from, Set<NodeId> to, boolean bothWays) {
            this.from = from;
            this.to = to;
            this.bothWays = bothWays;
        }

        private boolean isBetween(NodeId sender, NodeId receiver) {
            return from.contains(sender) && to.contains(receiver)
                    || bothWays && to.contains(sender) && from.contains(receiver);
        }
    }

    /** A node, and which of its starts. */
    record Caller(NodeId node, BootId boot) {}

    /** One call; only its first end is told. */
    private static final class Call {
        private final Consumer<Event> caller;
        private boolean ended;

        private Call(Consumer<Event> caller) {
            this.caller = caller;
        }

        void end(Event event) {
            if (!ended) {
                ended = true;
                caller.accept(event);
            }
        }
    }

    private final Schedule schedule;
    private final RandomGenerator random;
    private final Receiver receiver;
    private final List<Cut> cuts = new ArrayList<>();
    private final Paths paths;
    private final Supplier<Faults> faults;
    private final boolean lateIsRead;

    SimulatedNetwork(
            Schedule schedule,
            RandomGenerator random,
            Receiver receiver,
            Supplier<Faults> faults,
            Paths paths,
            boolean lateIsRead) {
        this.lateIsRead = lateIsRead;
        this.schedule = schedule;
        this.random = random;
        this.receiver = receiver;
        this.faults = faults;
        this.paths = paths;
    }

    /** These nodes and the others no longer reach each other. */
    Cut cutOff(Set<NodeId> nodes, Set<NodeId> others) {
        return cut(new Cut(nodes, others, true));
    }

    /** What one sends no longer reaches the other, which hears nothing of it. */
    Cut cutOneWay(NodeId from, NodeId to) {
        paths.took(Paths.Path.ONE_WAY_CUT);
        return cut(new Cut(Set.of(from), Set.of(to), false));
    }

    private Cut cut(Cut cut) {
        cuts.add(cut);
        return cut;
    }

    void heal(Cut cut) {
        cuts.remove(cut);
    }

    void heal() {
        cuts.clear();
    }

    boolean isCut(NodeId from, NodeId to) {
        return cuts.stream().anyMatch(cut -> cut.isBetween(from, to));
    }

    /** A node acknowledged a write to a client. */
    void wrote(NodeId node) {
        for (Cut cut : cuts) {
            boolean before = cut.fromWrote && cut.toWrote;
            cut.fromWrote |= cut.bothWays && cut.from.contains(node);
            cut.toWrote |= cut.bothWays && cut.to.contains(node);
            if (!before && cut.fromWrote && cut.toWrote) {
                paths.took(Paths.Path.BOTH_SIDES_WROTE);
            }
        }
    }

    void call(Caller from, NodeId to, PeerRequest request, Consumer<Event> caller) {
        var call = new Call(caller);
        long sentAtMillis = schedule.nowMillis();
        if (isCut(from.node(), to) && random.nextBoolean()) {
            schedule.after(delayMillis(), () -> call.end(new Event.Lost(to, false)));
        } else if (isHit(faults.get().loss())) {
            lose(call, to);
        } else {
            if (isHit(faults.get().loss())) {
                lose(call, to);
            }
            schedule.after(travelMillis(), () -> deliver(call, from, to, request, sentAtMillis));
            if (mayComeTwice(request) && isHit(faults.get().twice())) {
                paths.took(Paths.Path.DELIVERED_TWICE);
                schedule.after(travelMillis(), () -> deliver(call, from, to, request, sentAtMillis));
            }
        }
    }

    /**
     * A link delivers once. Joins and reads bear it if it does not; a write that is executed twice could be refused the first time and stored the
     * second, and its client would hear that it was refused (rule W3).
     */
    private static boolean mayComeTwice(PeerRequest request) {
        return !(request instanceof PeerRequest.Execute(ClientRequest executed))
                || executed instanceof ClientRequest.Get;
    }

    private void deliver(Call call, Caller from, NodeId to, PeerRequest request, long sentAtMillis) {
        if (isTooLate(sentAtMillis) || isCut(from.node(), to) || receiver.door(from, to) != Door.OPEN) {
            lose(call, to);
            return;
        }
        receiver.receive(
                to,
                request,
                reply -> schedule.after(delayMillis(), () -> {
                    if (isCut(to, from.node()) || isHit(faults.get().loss())) {
                        lose(call, to);
                    } else {
                        call.end(new Event.Replied(to, reply));
                    }
                }));
    }

    private boolean isTooLate(long sentAtMillis) {
        return !lateIsRead && schedule.nowMillis() - sentAtMillis > LIFE_MILLIS;
    }

    private boolean isHit(int percent) {
        return random.nextInt(100) < percent;
    }

    /**
     * One message, of which nobody waits for an end: it comes once, twice, late or not at all.
     *
     * @param refused runs if no process listens there and its machine is well enough to say so
     */
    void send(Caller from, NodeId to, Runnable arrives, Runnable refused) {
        if (isHit(faults.get().loss())) {
            return;
        }
        long sentAtMillis = schedule.nowMillis();
        Runnable delivery = () -> {
            if (isTooLate(sentAtMillis) || isCut(from.node(), to)) {
                return;
            }
            switch (receiver.door(from, to)) {
                case OPEN -> arrives.run();
                case SHUT -> {}
                case NOBODY -> {
                    if (!isCut(to, from.node()) && random.nextBoolean()) {
                        schedule.after(delayMillis(), refused);
                    }
                }
            }
        };
        schedule.after(travelMillis(), delivery);
        if (isHit(faults.get().twice())) {
            schedule.after(travelMillis(), delivery);
        }
    }

    /** The caller hears of it, or never does. */
    private void lose(Call call, NodeId to) {
        if (random.nextBoolean()) {
            schedule.after(delayMillis(), () -> call.end(new Event.Lost(to, true)));
        }
    }

    private long travelMillis() {
        return isHit(faults.get().stuck()) ? 1 + random.nextLong(STUCK_MILLIS) : delayMillis();
    }

    long delayMillis() {
        boolean slow = isHit(faults.get().slow());
        return 1 + random.nextLong(slow ? SLOW_MILLIS : DELAY_MILLIS);
    }
}
