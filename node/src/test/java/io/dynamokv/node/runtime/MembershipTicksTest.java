package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Incarnation;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.membership.News;
import io.dynamokv.core.membership.PeerMonitor;
import io.dynamokv.core.membership.Swim;
import io.dynamokv.core.membership.SwimMessage;
import io.dynamokv.core.membership.SwimSettings;
import io.dynamokv.core.membership.Update;
import io.dynamokv.node.port.GossipLinks;
import io.dynamokv.node.port.MapCopy;
import io.dynamokv.node.port.MapExchange;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How often the thread of gossip is woken: rarely while nothing is to be done, and soon when a message brings something. */
class MembershipTicksTest {
    private static final NodeId A = new NodeId(new UUID(0xA, 1));
    private static final NodeId B = new NodeId(new UUID(0xB, 1));
    private static final NodeAddress AT_A = new NodeAddress("10.0.0.1", 7000, 8080);
    private static final NodeAddress AT_B = new NodeAddress("10.0.0.2", 7000, 8080);
    private static final int TICK_MILLIS = 20;
    private static final int QUIET_TICK_MILLIS = 100;
    private static final SwimSettings SETTINGS = new SwimSettings(
            new SwimSettings.Probing(200, QUIET_TICK_MILLIS, 3, 8, 1000),
            SwimSettings.Suspecting.DEFAULT,
            new SwimSettings.Gossiping(10, 3, 1, 1400, 3_600_000));

    private record Later(long millis, Runnable task) {}

    /** Runs what is due in a while at once: the machine's own clock says what is due. */
    private static final class Loop implements Membership.Loop {
        private final Deque<Runnable> now = new ArrayDeque<>();
        private final List<Later> later = new ArrayList<>();

        @Override
        public void execute(Runnable task) {
            now.add(task);
        }

        @Override
        public void executeAfter(Runnable task, long millis) {
            later.add(new Later(millis, task));
        }

        private void runAll() {
            while (!now.isEmpty()) {
                now.remove().run();
            }
        }
    }

    /** B answers at once. */
    private final class Answering implements GossipLinks {
        @Override
        public boolean send(NodeId to, NodeAddress address, SwimMessage message) {
            if (message instanceof SwimMessage.Ping ping) {
                assertEquals(B, ping.target());
                loop.execute(() -> membership.received(B, new SwimMessage.Ack(ping.sequence(), aliveB())));
            }
            return true;
        }

        @Override
        public boolean askForMap(NodeId of, Epoch newest) {
            throw new AssertionError("no epoch is higher");
        }

        @Override
        public boolean giveMap(NodeId to, MapCopy copy) {
            throw new AssertionError("nobody asks for it");
        }

        @Override
        public void flush() {
            // what was sent is out at once
        }

        @Override
        public void hangUp(NodeId peer) {
            throw new AssertionError("nobody is down");
        }
    }

    private static final class NoMaps implements MapExchange {
        @Override
        public Optional<MapCopy> newerThan(Epoch epoch) {
            return Optional.empty();
        }

        @Override
        public boolean offer(NodeId from, MapCopy copy) {
            return false;
        }
    }

    private final Loop loop = new Loop();
    private final Membership membership = new Membership(
            new Swim.Identity(A, new BootId(5, 1), AT_A),
            SETTINGS,
            loop,
            new Membership.Others(
                    new LivenessTable(PeerMonitor.Settings.DEFAULT, down -> {}, Clock.systemUTC()),
                    (member, address) -> {},
                    new NoMaps(),
                    loop));

    private static News aliveB() {
        return new News(new Update(B, Liveness.ALIVE, new Incarnation(1, 0), AT_B, null, null), List.of());
    }

    /** As time goes by, all that was planned is run. */
    private void untilQuiet() {
        long giveUpNanos = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        do {
            assertTrue(System.nanoTime() < giveUpNanos, "it is never quiet");
            List<Later> planned = List.copyOf(loop.later);
            loop.later.clear();
            planned.forEach(each -> each.task().run());
            loop.runAll();
        } while (loop.later.stream().noneMatch(each -> each.millis() == QUIET_TICK_MILLIS));
    }

    @Test
    void aMessageThatBringsSomethingToDoDoesNotWaitForTheTickOfAQuietNode() {
        membership.begin(new Answering());
        membership.serve(Epoch.FIRST, Set.of(A, B), Map.of(B, List.of(AT_B)));
        loop.runAll();
        untilQuiet();
        Later quiet = loop.later.getLast();
        loop.later.clear();

        var suspected = new Update(A, Liveness.SUSPECT, new Incarnation(5, 0), AT_A, null, B);
        membership.received(B, new SwimMessage.Gossip(new News(aliveB().sender(), List.of(suspected))));

        assertEquals(
                List.of((long) TICK_MILLIS),
                loop.later.stream().map(Later::millis).toList());
        loop.later.clear();
        quiet.task().run();
        assertEquals(List.of(), loop.later, "the tick that was planned before would go on beside the new one");
    }
}
