package io.dynamokv.node.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.MapChain;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.ring.Placement;
import io.dynamokv.node.port.NodeAdmin.Adoption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A node that starts or stops, while somebody asks. */
class NodeDoorsTest {
    private final NodeDoors closed = new NodeDoors();

    @Test
    void behindClosedDoorsNobodyServes() {
        assertEquals(Optional.empty(), closed.map());
        assertEquals(Optional.empty(), closed.ofThisThread());
        assertEquals(Optional.empty(), closed.status());
        assertFalse(closed.isReady());
    }

    @Test
    void andNothingIsChangedOrBegun() {
        ClusterMap map = Placement.firstMap(
                new ClusterId(new UUID(0xC, 1)),
                new ClusterMap.Settings(1, 1, 1, Durability.SYNC),
                List.of(),
                List.of(new Member(new NodeId(new UUID(1, 1)), "node-1", Zone.DEFAULT)),
                4);

        assertInstanceOf(Adoption.Refused.class, closed.join(map.clusterId(), map, MapChain.EMPTY, List.of()));
        assertInstanceOf(Adoption.Refused.class, closed.adopt(map, MapChain.EMPTY));
        assertEquals(Optional.empty(), closed.repair(false));
    }
}
