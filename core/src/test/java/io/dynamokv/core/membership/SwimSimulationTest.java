package io.dynamokv.core.membership;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.Liveness;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Whole clusters at the default settings, in virtual time (lesson 40). */
class SwimSimulationTest {

    private static SwimCluster settled(int size, RandomGenerator random) {
        var cluster = new SwimCluster(size, random);
        long took = cluster.runUntil(cluster::allAreAlive, 20_000);
        assertNotEquals(-1, took, "all find each other");
        cluster.runFor(3000 + random.nextInt(5000));
        assertTrue(cluster.allAreAlive());
        cluster.changes.clear();
        return cluster;
    }

    private static SwimCluster.Node anyOf(SwimCluster cluster, RandomGenerator random) {
        return cluster.nodes.get(random.nextInt(cluster.nodes.size()));
    }

    @Test
    void aKilledNodeIsDownAtAllOthersWithinFiveSeconds() {
        for (int size = 2; size <= 10; size++) {
            int nodes = size;
            var tookMillis = new ArrayList<Long>();
            SeededProperty.forSeeds(200, random -> {
                SwimCluster cluster = settled(nodes, random);
                SwimCluster.Node killed = anyOf(cluster, random);
                cluster.kill(killed);
                tookMillis.add(cluster.runUntil(() -> cluster.allBelieve(killed, Liveness.DOWN), 20_000));
            });
            List<Long> sorted = tookMillis.stream().sorted().toList();
            System.out.printf(
                    "%d nodes: down everywhere after min %d, median %d, p95 %d, max %d ms%n",
                    nodes,
                    sorted.getFirst(),
                    sorted.get(sorted.size() / 2),
                    sorted.get(sorted.size() * 95 / 100),
                    sorted.getLast());
        }
    }

    @Test
    void bytesPerNodeStayFlat() {
        for (int size : List.of(10, 30, 100)) {
            SwimCluster cluster = settled(size, SeededProperty.GENERATORS.create(size));
            cluster.runFor(30_000);
            cluster.nodes.forEach(node -> {
                node.bytesSent = 0;
                node.messagesSent = 0;
            });
            cluster.runFor(240_000);
            System.out.printf(
                    "%d nodes: %.0f bytes, %.2f messages per s and node%n",
                    size,
                    cluster.nodes.stream().mapToLong(n -> n.bytesSent).sum() / 240.0 / size,
                    cluster.nodes.stream().mapToLong(n -> n.messagesSent).sum() / 240.0 / size);
        }
    }
}
