package io.dynamokv.core.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Whole clusters at the default settings, in virtual time (lesson 40). */
class SwimSimulationTest {
    private static SwimCluster settled(int size, RandomGenerator random) {
        var cluster = new SwimCluster(size, random);
        settle(cluster);
        cluster.runFor(random.nextInt(5000));
        return cluster;
    }

    private static void settle(SwimCluster cluster) {
        assertNotEquals(-1, cluster.runUntil(cluster::allAreAlive, 30_000), "all find each other");
        cluster.runFor(3000);
        assertTrue(cluster.allAreAlive());
        cluster.changes.clear();
    }

    private static SwimCluster.Node anyOf(SwimCluster cluster, RandomGenerator random) {
        return cluster.nodes.get(random.nextInt(cluster.nodes.size()));
    }

    /** Nobody was taken for down but these. */
    private static void assertNoneDownBut(SwimCluster cluster, List<SwimCluster.Node> these) {
        List<SwimCluster.Change> wrong = cluster.changes.stream()
                .filter(change -> change.to() == Liveness.DOWN)
                .filter(change -> these.stream().noneMatch(node -> node.id.equals(change.of())))
                .toList();
        assertEquals(List.of(), wrong, () -> "of " + these);
    }

    /** Not even for a moment, and by nobody but these: each change of each node's view is in the history. */
    private static void assertTheOthersNeverDoubtEachOther(SwimCluster cluster, List<SwimCluster.Node> these) {
        List<NodeId> ill = these.stream().map(node -> node.id).toList();
        List<SwimCluster.Change> wrong = cluster.changes.stream()
                .filter(change -> change.to() != Liveness.ALIVE)
                .filter(change -> !ill.contains(change.by()) && !ill.contains(change.of()))
                .toList();
        assertEquals(List.of(), wrong, () -> "of " + these);
    }

    private static void report(String what, List<Long> tookMillis) {
        List<Long> sorted = tookMillis.stream().sorted().toList();
        System.out.printf(
                "%s: min %d, median %d, p95 %d, max %d ms of %d%n",
                what,
                sorted.getFirst(),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 95 / 100),
                sorted.getLast(),
                sorted.size());
    }

    @Test
    void aKilledNodeIsDownAtAllOthersWithinFiveSeconds() {
        for (int size = 2; size <= 10; size++) {
            int nodes = size;
            var tookMillis = new ArrayList<Long>();
            SeededProperty.forSeeds(100, random -> {
                SwimCluster cluster = settled(nodes, random);
                SwimCluster.Node killed = anyOf(cluster, random);
                cluster.kill(killed);

                long took = cluster.runUntil(() -> cluster.allBelieve(killed, Liveness.DOWN), 5000);

                assertNotEquals(-1, took, () -> killed + " of " + nodes);
                cluster.runFor(5000);
                assertNoneDownBut(cluster, List.of(killed));
                assertTheOthersNeverDoubtEachOther(cluster, List.of(killed));
                tookMillis.add(took);
            });
            report("down at all of " + nodes, tookMillis);
        }
    }

    @Test
    void aRefusedNodeIsDownSooner() {
        var tookMillis = new ArrayList<Long>();
        SeededProperty.forSeeds(100, random -> {
            SwimCluster cluster = settled(5, random);
            cluster.machinesRefuse();
            SwimCluster.Node killed = anyOf(cluster, random);
            cluster.kill(killed);
            tookMillis.add(cluster.runUntil(() -> cluster.allBelieve(killed, Liveness.DOWN), 4000));
            assertNoneDownBut(cluster, List.of(killed));
            assertTheOthersNeverDoubtEachOther(cluster, List.of(killed));
        });
        assertFalse(tookMillis.contains(-1L));
        report("down at all of 5 when refused", tookMillis);
    }

    /** Lifeguard: a slow node blames nobody, nor does what waited for it. */
    @Test
    void aPausedNodeAccusesNobodyOfBeingDown() {
        SeededProperty.forSeeds(150, random -> {
            SwimCluster cluster = settled(2 + random.nextInt(9), random);
            SwimCluster.Node paused = anyOf(cluster, random);
            long pauseMillis = random.nextLong(1000, 20_001);
            cluster.pause(paused, pauseMillis);
            cluster.runFor(pauseMillis);
            assertTheOthersNeverDoubtEachOther(cluster, List.of(paused));

            long took = cluster.runUntil(cluster::allAreAlive, 15_000);

            assertNotEquals(-1, took, () -> "all are alive again after " + pauseMillis + " ms");
            cluster.runFor(10_000);
            assertNoneDownBut(cluster, List.of(paused));
            assertTheOthersNeverDoubtEachOther(cluster, List.of(paused));
            assertTrue(cluster.allAreAlive());
        });
    }

    @Test
    void aNodeThatPausesAgainAndAgainAccusesNobodyOfBeingDown() {
        SeededProperty.forSeeds(50, random -> {
            SwimCluster cluster = settled(3 + random.nextInt(6), random);
            SwimCluster.Node paused = anyOf(cluster, random);
            for (int i = 0; i < 20; i++) {
                long pauseMillis = random.nextLong(200, 3200);
                cluster.pause(paused, pauseMillis);
                cluster.runFor(pauseMillis + random.nextInt(1500));
            }
            assertNoneDownBut(cluster, List.of(paused));
            assertTheOthersNeverDoubtEachOther(cluster, List.of(paused));
            assertNotEquals(-1, cluster.runUntil(cluster::allAreAlive, 15_000));
        });
    }

    @Test
    void aLossyNetworkBringsNobodyDown() {
        SeededProperty.forSeeds(30, random -> {
            SwimCluster cluster = settled(3 + random.nextInt(8), random);
            cluster.lossPercent = 10;
            cluster.delayMillisMax = 200;
            cluster.runFor(120_000);
            assertNoneDownBut(cluster, List.of());
            cluster.lossPercent = 0;
            assertNotEquals(-1, cluster.runUntil(cluster::allAreAlive, 15_000));
        });
    }

    @Test
    void bothSidesOfACutFindEachOtherOnceItHeals() {
        var tookMillis = new ArrayList<Long>();
        SeededProperty.forSeeds(100, random -> {
            int size = 2 + random.nextInt(9);
            SwimCluster cluster = settled(size, random);
            int near = 1 + random.nextInt(size - 1);
            cluster.cut((from, to) -> cluster.nodes.indexOf(from) < near != cluster.nodes.indexOf(to) < near);
            cluster.runFor(3000 + random.nextInt(60_000));
            cluster.heal();

            long took = cluster.runUntil(cluster::allAreAlive, 20_000);

            assertNotEquals(-1, took, () -> near + " of " + size);
            tookMillis.add(took);
            cluster.runFor(10_000);
            assertTrue(cluster.allAreAlive(), () -> near + " of " + size);
        });
        report("all alive after a cut", tookMillis);
    }

    private static boolean allSeeEachOtherBut(SwimCluster.Node ill, SwimCluster cluster) {
        return cluster.nodes.stream()
                .filter(node -> node != ill)
                .allMatch(by -> cluster.nodes.stream()
                        .filter(of -> of != ill && of != by)
                        .allMatch(of -> by.swim.liveness(of.id) == Liveness.ALIVE));
    }

    /**
     * Its own pings arrive and must not count: nothing reaches it. It hears no answers either and says so, and as SWIM has it the others take each other for
     * suspect until they refute it, and for down never.
     */
    @Test
    void aNodeThatOnlySpeaksIsFoundOutAndComesBack() {
        SeededProperty.forSeeds(100, random -> {
            SwimCluster cluster = settled(3 + random.nextInt(6), random);
            SwimCluster.Node deaf = anyOf(cluster, random);
            cluster.cut((_, to) -> to == deaf);
            long took = cluster.runUntil(() -> cluster.allBelieve(deaf, Liveness.DOWN), 15_000);
            assertNotEquals(-1, took, () -> deaf + " is deaf");
            long refuted = cluster.runUntil(() -> allSeeEachOtherBut(deaf, cluster), 10_000);
            assertNotEquals(-1, refuted, () -> "what " + deaf + " says of them");
            cluster.changes.removeIf(change -> change.by().equals(deaf.id));
            assertNoneDownBut(cluster, List.of(deaf));
            cluster.heal();
            assertNotEquals(-1, cluster.runUntil(cluster::allAreAlive, 20_000));
        });
    }

    /** Others reach both: SWIM 3.1, a probe through others. */
    @Test
    void aCutBetweenTwoNodesBringsNeitherDown() {
        SeededProperty.forSeeds(60, random -> {
            SwimCluster cluster = settled(3 + random.nextInt(6), random);
            SwimCluster.Node one = cluster.nodes.get(0);
            SwimCluster.Node other = cluster.nodes.get(1);
            boolean oneWay = random.nextBoolean();
            cluster.cut((from, to) -> from == one && to == other || !oneWay && from == other && to == one);
            cluster.runFor(60_000);
            assertNoneDownBut(cluster, List.of());
        });
    }

    @Test
    void aRestartedNodeIsSoonAliveForAllAndWhereItIs() {
        var tookMillis = new ArrayList<Long>();
        SeededProperty.forSeeds(100, random -> {
            SwimCluster cluster = settled(2 + random.nextInt(9), random);
            SwimCluster.Node node = anyOf(cluster, random);
            cluster.kill(node);
            cluster.runFor(random.nextInt(10_000));
            cluster.restart(node, SwimCluster.at(50), cluster.addresses());

            long took = cluster.runUntil(() -> cluster.allKnowWhere(node) && cluster.allAreAlive(), 8000);

            assertNotEquals(-1, took);
            tookMillis.add(took);
            cluster.changes.clear();
            cluster.runFor(10_000);
            assertNoneDownBut(cluster, List.of());
        });
        report("restart known to all", tookMillis);
    }

    /** Lesson 15. The third node is what they have in common. */
    @Test
    void nodesThatSwapAddressesFindEachOther() {
        SeededProperty.forSeeds(100, random -> {
            SwimCluster cluster = settled(3 + random.nextInt(4), random);
            SwimCluster.Node one = cluster.nodes.get(0);
            SwimCluster.Node other = cluster.nodes.get(1);
            var remembered = cluster.addresses();
            cluster.kill(one);
            cluster.kill(other);
            cluster.runFor(random.nextInt(20_000));
            cluster.restart(one, SwimCluster.at(1), remembered);
            cluster.restart(other, SwimCluster.at(0), remembered);

            assertNotEquals(
                    -1, cluster.runUntil(() -> cluster.allKnowWhere(one) && cluster.allKnowWhere(other), 15_000));
            assertNotEquals(-1, cluster.runUntil(cluster::allAreAlive, 15_000));
        });
    }

    @Test
    void aNodeThatReturnsAfterAllOthersMovedIsFound() {
        SeededProperty.forSeeds(100, random -> {
            SwimCluster cluster = settled(3 + random.nextInt(4), random);
            SwimCluster.Node away = cluster.nodes.getFirst();
            var remembered = cluster.addresses();
            cluster.kill(away);
            cluster.runFor(8000);
            int place = 20;
            for (SwimCluster.Node node : cluster.nodes.subList(1, cluster.nodes.size())) {
                var then = cluster.addresses();
                cluster.kill(node);
                cluster.runFor(2000);
                cluster.restart(node, SwimCluster.at(place++), then);
                cluster.runFor(8000);
            }
            cluster.restart(away, away.address, remembered);

            assertNotEquals(-1, cluster.runUntil(cluster::allAreAlive, 20_000));
        });
    }

    /** Then only a name server knows; where the last word of a member and the name server differ, both are tried. */
    @Test
    void nodesThatAllMovedFindEachOtherByWhatIsLearnt() {
        SeededProperty.forSeeds(50, random -> {
            SwimCluster cluster = settled(3 + random.nextInt(4), random);
            cluster.nodes.forEach(cluster::kill);
            var old = cluster.addresses();
            for (int i = 0; i < cluster.nodes.size(); i++) {
                cluster.restart(cluster.nodes.get(i), SwimCluster.at(30 + i), old);
            }
            cluster.runFor(20_000);
            assertFalse(cluster.allAreAlive(), "nobody knows where");

            cluster.nodes.forEach(node -> cluster.addresses().forEach(node.swim::learn));

            assertNotEquals(-1, cluster.runUntil(cluster::allAreAlive, 15_000));
        });
    }

    @Test
    void aHigherEpochIsToldToAll() {
        SeededProperty.forSeeds(50, random -> {
            SwimCluster cluster = settled(3 + random.nextInt(8), random);
            SwimCluster.Node first = anyOf(cluster, random);
            var higher = new SwimEffect.HigherEpoch(first.id, new Epoch(8));
            cluster.announce(first, new Epoch(8));

            cluster.runFor(2000);

            for (SwimCluster.Node node : cluster.nodes) {
                assertEquals(node != first, node.told.contains(higher), node::toString);
            }
        });
    }

    @Test
    void oneSeedTwiceGivesTheSameTrace() {
        SeededProperty.forSeeds(3, random -> {
            long seed = random.nextLong();
            List<String> once = eventfulTrace(seed);
            assertTrue(once.size() > 1000, () -> once.size() + " lines");
            assertEquals(once, eventfulTrace(seed));
        });
    }

    private static List<String> eventfulTrace(long seed) {
        RandomGenerator random = SeededProperty.GENERATORS.create(seed);
        var cluster = new SwimCluster(6, random);
        cluster.tracing = true;
        cluster.lossPercent = 5;
        cluster.delayMillisMax = 300;
        cluster.runFor(10_000);
        cluster.pause(cluster.nodes.get(2), 4000);
        cluster.kill(cluster.nodes.get(4));
        cluster.runFor(10_000);
        cluster.restart(cluster.nodes.get(4), SwimCluster.at(60), cluster.addresses());
        cluster.cut((from, to) -> from == cluster.nodes.get(1) && to != cluster.nodes.get(0));
        cluster.runFor(20_000);
        cluster.heal();
        cluster.runFor(10_000);
        return cluster.trace;
    }

    /** Any faults at all, then quiet: the views of all agree (claims are totally ordered, whoever hears them in whatever order). */
    @Test
    void afterAnyFaultsAllAgreeAndAreAlive() {
        var tookMillis = new ArrayList<Long>();
        SeededProperty.forSeeds(100, random -> {
            SwimCluster cluster = settled(2 + random.nextInt(9), random);
            for (int i = 0; i < 15; i++) {
                oneFault(cluster, random, 100 + i);
                cluster.runFor(random.nextInt(6000));
            }
            cluster.heal();
            cluster.lossPercent = 0;
            cluster.nodes.stream()
                    .filter(node -> !node.running)
                    .forEach(node -> cluster.restart(node, node.address, cluster.addresses()));
            // All addresses may be forgotten by all; a name server is what finds them then.
            cluster.nodes.forEach(node -> cluster.addresses().forEach(node.swim::learn));

            long took = cluster.runUntil(cluster::allAreAlive, 30_000);

            assertNotEquals(-1, took);
            tookMillis.add(took);
            cluster.runFor(20_000);
            assertTrue(cluster.allAreAlive());
        });
        report("all alive after faults", tookMillis);
    }

    private static void oneFault(SwimCluster cluster, RandomGenerator random, int place) {
        SwimCluster.Node node = anyOf(cluster, random);
        SwimCluster.Node other = anyOf(cluster, random);
        switch (random.nextInt(5)) {
            case 0 -> cluster.pause(node, random.nextInt(8000));
            case 1 -> cluster.lossPercent = random.nextInt(40);
            case 2 -> cluster.cut((from, to) -> from == node || to == other);
            case 3 -> cluster.heal();
            default -> {
                if (node.running) {
                    cluster.kill(node);
                } else {
                    cluster.restart(node, SwimCluster.at(place), cluster.addresses());
                }
            }
        }
    }

    @Test
    void whatANodeSendsDoesNotGrowWithTheCluster() {
        var bytesPerSecond = new ArrayList<Double>();
        for (int size : List.of(10, 30, 100)) {
            SwimCluster cluster = settled(size, SeededProperty.GENERATORS.create(size));
            cluster.runFor(20_000);
            cluster.nodes.forEach(node -> {
                node.bytesSent = 0;
                node.messagesSent = 0;
                node.bytesReceived = 0;
            });
            int seconds = 200;
            cluster.runFor(seconds * 1000L);
            double perNodeSecond = (double) size * seconds;
            double sent =
                    cluster.nodes.stream().mapToLong(node -> node.bytesSent).sum() / perNodeSecond;
            double messages =
                    cluster.nodes.stream().mapToLong(node -> node.messagesSent).sum() / perNodeSecond;
            long mostReceived = cluster.nodes.stream()
                    .mapToLong(node -> node.bytesReceived)
                    .max()
                    .orElseThrow();
            System.out.printf(
                    "%d nodes: each sends %.0f bytes in %.2f messages per second; at most %.0f bytes received%n",
                    size, sent, messages, (double) mostReceived / seconds);
            bytesPerSecond.add(sent);
            assertEquals(List.of(), cluster.changes);
        }
        assertTrue(bytesPerSecond.getLast() < 1.2 * bytesPerSecond.getFirst(), bytesPerSecond::toString);
    }

    /** What a kill costs while it is talked about, and that a hundred nodes still learn of it. */
    @Test
    void ofAHundredNodesAllHearOfAKilledOne() {
        SwimCluster cluster = settled(100, SeededProperty.GENERATORS.create(7));
        SwimCluster.Node killed = cluster.nodes.get(42);
        cluster.nodes.forEach(node -> node.bytesSent = 0);
        cluster.kill(killed);

        long took = cluster.runUntil(() -> cluster.allBelieve(killed, Liveness.DOWN), 10_000);

        assertNotEquals(-1, took);
        assertNoneDownBut(cluster, List.of(killed));
        assertTheOthersNeverDoubtEachOther(cluster, List.of(killed));
        System.out.printf(
                "down at all of 100: %d ms, %.0f bytes per second and node meanwhile%n",
                took, cluster.nodes.stream().mapToLong(node -> node.bytesSent).sum() * 1000.0 / took / 100);
    }
}
