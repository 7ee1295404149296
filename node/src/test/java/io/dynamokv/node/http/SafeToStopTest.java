package io.dynamokv.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.ring.Partition;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nodes 1 to 4 in a ring: 1 shares partition 0 with 2 and partition 3 with 4, and none with 3. */
class SafeToStopTest {
    static final ClusterMap MAP = new ClusterMap(
            new ClusterId(new UUID(0xC, 1)),
            ClusterMap.Version.FIRST,
            new ClusterMap.Settings(2, 1, 1, Durability.SYNC),
            List.of(),
            IntStream.rangeClosed(1, 5)
                    .mapToObj(i -> new Member(node(i), "node-" + i, Zone.DEFAULT))
                    .toList(),
            IntStream.range(0, 4)
                    .mapToObj(i -> new Partition(i, Epoch.FIRST, List.of(node(i + 1), node((i + 1) % 4 + 1))))
                    .toList());

    private static NodeId node(long number) {
        return new NodeId(new UUID(number, number));
    }

    private static List<String> reasonsOf(long self, Map<NodeId, Liveness> notAlive) {
        return SafeToStop.reasonsAgainst(MAP, node(self), id -> notAlive.getOrDefault(id, Liveness.ALIVE), Map.of());
    }

    @Test
    void isSafeWhileAllOtherOwnersOfItsPartitionsAreAlive() {
        assertEquals(List.of(), reasonsOf(1, Map.of()));
        assertEquals(List.of(), reasonsOf(1, Map.of(node(3), Liveness.DOWN)), "3 shares nothing with 1");
        assertEquals(List.of(), reasonsOf(1, Map.of(node(1), Liveness.DOWN)), "itself");
        assertEquals(List.of(), reasonsOf(5, Map.of(node(1), Liveness.DOWN)), "5 owns nothing");
    }

    /** It may be the only one that has them (rule H2). */
    @Test
    void namesEachOwnerForWhichItKeepsWrites() {
        assertEquals(
                List.of("node-3 (" + node(3) + ") has not got 12 writes yet that this node keeps for it"),
                SafeToStop.reasonsAgainst(MAP, node(1), id -> Liveness.ALIVE, Map.of(node(3), 12L)));
    }

    @Test
    void namesEachOwnerThatIsMissingOrMayBe() {
        assertEquals(
                List.of(
                        "node-2 (" + node(2) + ") is down and owns 1 of the 2 partitions of this node",
                        "node-4 (" + node(4) + ") is suspect and owns 1 of the 2 partitions of this node"),
                reasonsOf(1, Map.of(node(2), Liveness.DOWN, node(4), Liveness.SUSPECT)));
    }
}
