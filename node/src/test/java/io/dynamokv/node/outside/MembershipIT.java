package io.dynamokv.node.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.ring.ClusterMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Real nodes gossip, at the default settings, who of them is alive (SWIM). */
@Order(Cluster.FIRST)
@ResourceLock(value = Cluster.MACHINE, mode = ResourceAccessMode.READ_WRITE)
class MembershipIT extends FreshNodes {
    MembershipIT() {
        super(51);
    }

    /** Promised at the default settings; a second and a bit is what it takes. */
    private static final long DETECTED_WITHIN_MILLIS = 5000;

    private static JsonNode peer(NodeUnderTest at, UUID id) throws Exception {
        for (JsonNode peer : at.status().path("peers")) {
            if (peer.path("nodeId").asText().equals(id.toString())) {
                return peer;
            }
        }
        throw new AssertionError(id + " is no peer of " + at.host());
    }

    @Test
    void aKilledNodeIsDownAtAllOthersByGossip() throws Exception {
        List<NodeUnderTest> all = cluster(5);
        UUID id = all.get(4).id();
        List<NodeUnderTest> others = all.subList(0, 4);

        all.get(4).kill();
        long killedNanos = System.nanoTime();
        long killedMillis = System.currentTimeMillis();
        for (NodeUnderTest node : others) {
            node.await("a node down by gossip", () -> node.metric("dynamokv_members_down") == 1);
        }
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNanos);

        System.out.println("measured: a killed node was down at all others by gossip after " + tookMillis + " ms");
        assertTrue(tookMillis <= DETECTED_WITHIN_MILLIS, () -> "it took " + tookMillis + " ms");
        for (NodeUnderTest node : others) {
            assertEquals("down", peer(node, id).path("liveness").asText());
            assertTrue(peer(node, id).path("livenessSinceMillis").asLong() >= killedMillis - 1000, node::logText);
            assertEquals(3, node.metric("dynamokv_members_alive"), node::logText);
            assertTrue(node.logText().contains("Gossip on member " + id + ": SUSPECT -> DOWN, "), node::logText);
            assertTrue(node.metric("dynamokv_gossip_sent_messages_total") > 0);
            assertTrue(node.metric("dynamokv_gossip_sent_bytes_total") > 0);
            assertTrue(node.metric("dynamokv_gossip_suspicions_total") >= 1);
        }
        all.get(4).startAgain();
        all.get(4).awaitServing();
        Cluster.awaitAlive(all);
    }

    /** SIGSTOP: it is there and says nothing. */
    @Test
    void aPausedNeighbourBringsNobodyElseUnderSuspicion() throws Exception {
        List<NodeUnderTest> all = cluster(3);
        NodeUnderTest paused = all.get(2);
        UUID id = paused.id();
        List<NodeUnderTest> healthy = all.subList(0, 2);
        List<UUID> healthyIds = List.of(all.get(0).id(), all.get(1).id());

        paused.freeze();
        for (NodeUnderTest node : healthy) {
            node.await("the paused one down by gossip", () -> node.metric("dynamokv_members_down") == 1);
        }
        paused.thaw();
        Cluster.awaitAlive(all);

        for (NodeUnderTest node : healthy) {
            for (UUID other : healthyIds) {
                assertFalse(
                        node.log().stream()
                                .anyMatch(line -> line.contains("Gossip on member " + other + ": ALIVE -> ")
                                        || line.contains("Peer " + other + ": ALIVE -> ")),
                        node::logText);
            }
            assertTrue(node.logText().contains("Gossip on member " + id + ": DOWN -> ALIVE"), node::logText);
        }
        assertTrue(paused.logText().contains("This node stood still for"), "rule T2: its links are closed unread");
        // Its own links were silent for as long as it was; what gossip says it must not conclude from that.
        assertFalse(paused.logText().contains("-> DOWN, it has been suspect"), paused::logText);
    }

    /** A node of another cluster is turned away by the handshake, whatever address it has. */
    @Test
    void aNodeOfAnotherClusterIsNobodysMember() throws Exception {
        List<NodeUnderTest> all = cluster(2);
        NodeUnderTest gone = all.get(1);
        UUID id = gone.id();
        gone.kill();
        var foreign = start("foreign", 5);
        foreign.awaitOpen();
        foreign.kill();
        foreign.startAgainAt(gone.place());
        foreign.awaitOpen();
        ClusterMap map = Cluster.mapOf(new ClusterId(new UUID(0xF0, 1)), List.of(foreign));
        assertEquals(
                200,
                foreign.tellAdmin(
                                "POST",
                                "/admin/v1/join",
                                NodeUnderTest.bearer(),
                                Cluster.joinOf(map, List.of(foreign, all.getFirst())))
                        .statusCode());

        foreign.await(
                "a complaint of the one that is called", () -> foreign.logText().contains("belongs to cluster"));
        all.getFirst()
                .await(
                        "a complaint of the one that calls",
                        () -> all.getFirst().logText().contains("hangs up on links of kind REQUESTS without a word"));

        assertFalse(peer(all.getFirst(), id).path("liveness").asText().equals("alive"));
    }
}
