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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The shell of SWIM, whose links and loop the test plays. No time passes but that of the test's own thread, in which no suspicion ends. */
class MembershipTest {
    private static final NodeId A = new NodeId(new UUID(0xA, 1));
    private static final NodeId B = new NodeId(new UUID(0xB, 1));
    private static final NodeId C = new NodeId(new UUID(0xC, 1));

    private final Queue loop = new Queue();
    private final Queue blocking = new Queue();
    private final Played links = new Played();
    private final Maps maps = new Maps();
    private final Map<NodeId, NodeAddress> moved = new HashMap<>();
    private final List<NodeId> downByLinks = new ArrayList<>();
    private final LivenessTable liveness =
            new LivenessTable(new PeerMonitor.Settings(60_000, 120_000), downByLinks::add, Clock.systemUTC());
    private final Membership membership = new Membership(
            new Swim.Identity(A, new BootId(5, 1), at(A)),
            SwimSettings.DEFAULT,
            loop,
            new Membership.Others(liveness, moved::put, maps, blocking));

    MembershipTest() {
        membership.begin(links);
        loop.runAll();
        liveness.watch(List.of(B, C));
        liveness.heard(B);
        liveness.heard(C);
        serve(1);
    }

    private void serve(long epoch) {
        membership.serve(new Epoch(epoch), Set.of(A, B, C), Map.of(B, List.of(at(B)), C, List.of(at(C), elsewhere())));
        loop.runAll();
    }

    /** What is to be run, in order. */
    private static final class Queue implements Membership.Loop {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private @Nullable Runnable later;

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void executeAfter(Runnable task, long millis) {
            assertTrue(millis <= 100, () -> millis + " ms between two ticks");
            later = task;
        }

        private void runAll() {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }
    }

    private record Sent(NodeId to, Object what) {}

    private static final class Played implements GossipLinks {
        private final List<Sent> sent = new ArrayList<>();
        private final List<NodeId> hungUp = new ArrayList<>();
        private boolean lose;

        @Override
        public boolean send(NodeId to, NodeAddress address, SwimMessage message) {
            return sent(to, message);
        }

        @Override
        public boolean askForMap(NodeId of, Epoch newest) {
            return sent(of, newest);
        }

        @Override
        public boolean giveMap(NodeId to, MapCopy copy) {
            return sent(to, copy);
        }

        private boolean sent(NodeId to, Object what) {
            if (!lose) {
                sent.add(new Sent(to, what));
            }
            return !lose;
        }

        private List<Sent> taken(Class<?> type) {
            return sent.stream().filter(each -> type.isInstance(each.what())).toList();
        }

        @Override
        public void flush() {
            // what was sent is out at once
        }

        @Override
        public void hangUp(NodeId peer) {
            hungUp.add(peer);
        }
    }

    private static final class Maps implements MapExchange {
        private final List<MapCopy> offered = new ArrayList<>();
        private boolean adopts = true;

        @Override
        public Optional<MapCopy> newerThan(Epoch epoch) {
            return Optional.of(new MapCopy("newer than " + epoch, ""));
        }

        @Override
        public boolean offer(NodeId from, MapCopy copy) {
            offered.add(copy);
            return adopts;
        }
    }

    private static NodeAddress at(NodeId node) {
        return new NodeAddress("10.0.0." + (node.value().getMostSignificantBits() & 0xF), 7000, 8080);
    }

    private static NodeAddress elsewhere() {
        return new NodeAddress("10.0.1.1", 7000, 8080);
    }

    private static Update alive(NodeId node, NodeAddress address, @Nullable Epoch epoch) {
        return new Update(node, Liveness.ALIVE, new Incarnation(1, 0), address, epoch, null);
    }

    private void hear(NodeId from, Update... updates) {
        hear(from, null, updates);
    }

    private void hear(NodeId from, @Nullable Epoch epoch, Update... updates) {
        membership.received(from, new SwimMessage.Gossip(new News(alive(from, at(from), epoch), List.of(updates))));
    }

    private static Update down(NodeId node) {
        return new Update(node, Liveness.DOWN, new Incarnation(1, 0), at(node), null, null);
    }

    @Test
    void whoWasNeverHeardByGossipIsAsTheLinksSay() {
        assertEquals(Liveness.ALIVE, liveness.of(B));
        assertEquals(2, membership.figures().suspect(), "though gossip knows nothing good of it");
    }

    /** Rule T2. */
    @Test
    void t2_whoIsDownByGossipIsDownAndItsLinksAreClosed() {
        hear(B);
        hear(C, down(B));

        assertEquals(Liveness.DOWN, liveness.of(B));
        assertEquals(List.of(B), links.hungUp);
        assertEquals(1, membership.figures().down());
        assertEquals(Liveness.ALIVE, liveness.of(C));
    }

    @Test
    void aSuspectIsCountedAndRefutedByItsOwnWord() {
        hear(B);
        hear(C, new Update(B, Liveness.SUSPECT, new Incarnation(1, 0), at(B), null, C));
        assertEquals(Liveness.SUSPECT, liveness.of(B));
        assertEquals(1, membership.figures().suspicions());

        var refuted = new Update(B, Liveness.ALIVE, new Incarnation(1, 1), at(B), null, null);
        membership.received(B, new SwimMessage.Gossip(new News(refuted, List.of())));

        assertEquals(Liveness.ALIVE, liveness.of(B));
    }

    @Test
    void whatIsSaidOfThisNodeIsRefutedAndCounted() {
        hear(B, new Update(A, Liveness.SUSPECT, new Incarnation(5, 0), at(A), null, B));

        assertEquals(1, membership.figures().refutations());
    }

    /** A release from before gossip: others may say what they like of it. */
    @Test
    void whoHangsUpOnGossipIsAsTheLinksSayUntilItGossips() {
        hear(B);
        hear(C, down(B));
        membership.withoutGossip(B);
        assertEquals(Liveness.ALIVE, liveness.of(B));

        hear(C, new Update(B, Liveness.DOWN, new Incarnation(1, 5), at(B), null, null));
        assertEquals(Liveness.ALIVE, liveness.of(B));

        hear(B);
        assertEquals(Liveness.DOWN, liveness.of(B), "what it says is older than what is said of it");
    }

    @Test
    void aMemberIsWhereItSaysThatItIs() {
        hear(B);

        assertEquals(at(B), moved.get(B));
    }

    /** It is looked for where the join had it too. */
    @Test
    void aRefusalCountsOnlyWhereTheMemberIs() {
        hear(C);
        membership.refused(C, elsewhere());
        assertEquals(Liveness.ALIVE, liveness.of(C));

        membership.refused(C, at(C));

        assertEquals(Liveness.SUSPECT, liveness.of(C));
    }

    @Test
    void aLinkThatComesUpToOneThatWasNeverHeardAsksItAtOnce() {
        links.sent.clear();

        membership.reached(B);

        assertEquals(B, links.taken(SwimMessage.Ping.class).getFirst().to());
        assertEquals(1, links.sent.size());
    }

    @Test
    void whatLeavesIsCountedAndWhatIsLostIsNot() {
        long before = membership.figures().messages();
        membership.reached(B);
        links.lose = true;
        membership.reached(C);

        assertEquals(before + 1, membership.figures().messages());
        assertTrue(membership.figures().bytes() > 0);
    }

    /** Rule M1. */
    @Test
    void m1_aNewerMapIsFetchedOnceThoughManyTellOfIt() {
        hear(B, new Epoch(2));
        hear(C, new Epoch(2));
        hear(B, new Epoch(2));

        assertEquals(List.of(new Sent(B, new Epoch(1))), links.taken(Epoch.class));
        var copy = new MapCopy("map", "chain");
        membership.mapGiven(C, copy);
        membership.mapGiven(B, copy);
        blocking.runAll();
        assertEquals(List.of(copy), maps.offered);
        loop.runAll();
        hear(C, new Epoch(3));
        assertEquals(2, links.taken(Epoch.class).size());
    }

    @Test
    void aMapThatIsRefusedIsNotFetchedAgainWithEachMessage() {
        maps.adopts = false;
        hear(B, new Epoch(2));
        membership.mapGiven(B, new MapCopy("map", "chain"));
        blocking.runAll();
        loop.runAll();

        hear(B, new Epoch(2));

        assertEquals(1, links.taken(Epoch.class).size());
        serve(2);
        hear(B, new Epoch(3));
        assertEquals(2, links.taken(Epoch.class).size());
    }

    @Test
    void mapsAreGivenOneAtATime() {
        membership.mapAsked(B, new Epoch(1));
        membership.mapAsked(C, new Epoch(1));
        blocking.runAll();
        loop.runAll();
        assertEquals(List.of(new Sent(B, new MapCopy("newer than 1", ""))), links.taken(MapCopy.class));

        membership.mapAsked(C, new Epoch(1));
        blocking.runAll();
        loop.runAll();
        assertEquals(2, links.taken(MapCopy.class).size());
    }

    @Test
    void afterItsEndItSaysNothing() {
        membership.stop();
        links.sent.clear();
        Runnable tick = loop.later;
        assertTrue(tick != null);
        tick.run();
        membership.reached(B);

        assertEquals(List.of(), links.sent);
    }
}
