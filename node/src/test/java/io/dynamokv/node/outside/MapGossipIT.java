package io.dynamokv.node.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Maps come round by gossip alone (rules M1, M3): the operator tells one node, or is away. */
@Order(Cluster.SECOND)
@ResourceLock(value = Cluster.MACHINE, mode = ResourceAccessMode.READ)
class MapGossipIT extends FreshNodes {
    MapGossipIT() {
        super(141);
    }

    /** Rules M1 and M3: a node that was away while the operator published learns the map from its peers. */
    @Test
    void m1_aMapThatOneNodeAdoptedReachesTheOthersAndThoseThatWereAway() throws Exception {
        List<NodeUnderTest> all = cluster(3);
        ClusterMap first = Cluster.mapOf(Cluster.ID, all);
        NodeUnderTest away = all.get(2);
        away.kill();
        ClusterMap second = first.next(first.settings(), List.of(Cluster.LATEST));
        ClusterMap third = second.next(second.settings(), List.of(Cluster.LATEST, Cluster.SMALL));
        MapChain chain = MapChain.of(first).and(second).and(third);

        assertEquals(
                200,
                all.getFirst().adopt(second, MapChain.of(first).and(second)).statusCode());
        awaitMap(all.get(1), second);
        assertEquals(200, all.get(1).adopt(third, chain).statusCode());
        awaitMap(all.getFirst(), third);
        away.startAgain();
        away.awaitServing();
        awaitMap(away, third);

        away.await("it says who had it", () -> away.logText().contains("The map of epoch 3 came from member "));
        for (NodeUnderTest node : all) {
            assertEquals(0, node.metric("dynamokv_map_forks_total"), node::logText);
        }
        Cluster.awaitAlive(all);
        aWriteAtEachIsReadAtAll(all);
    }

    private static void awaitMap(NodeUnderTest node, ClusterMap map) throws Exception {
        node.await(
                "epoch " + map.epoch(),
                () -> node.status().path("mapHash").asText().equals(map.hash()));
    }

    /** Rule M1: what does not descend is refused, told once, and not fetched with every message. */
    @Test
    void m1_aForkIsAnAlarmAndChangesNothing() throws Exception {
        List<NodeUnderTest> all = cluster(2);
        ClusterMap first = Cluster.mapOf(Cluster.ID, all);
        ClusterMap ours = first.next(first.settings(), List.of(Cluster.LATEST));
        ClusterMap theirs = first.next(first.settings(), List.of(Cluster.LATEST, Cluster.SMALL));
        ClusterMap theirNext = theirs.next(theirs.settings(), List.of(Cluster.LATEST, Cluster.SMALL, Cluster.QUICK));
        all.get(1).kill();
        assertEquals(200, all.get(0).adopt(ours, MapChain.of(first).and(ours)).statusCode());
        all.get(0).kill();
        all.get(1).startAgain();
        all.get(1).awaitServing();
        assertEquals(
                200,
                all.get(1)
                        .adopt(theirNext, MapChain.of(first).and(theirs).and(theirNext))
                        .statusCode());

        all.get(0).startAgain();
        all.get(0).awaitServing();
        all.get(0).await("an alarm", () -> all.get(0).metric("dynamokv_map_forks_total") >= 1);
        Cluster.awaitAlive(all);

        assertEquals(ours.hash(), all.get(0).status().path("mapHash").asText());
        assertEquals(
                1,
                all.get(0).metric("dynamokv_map_forks_total"),
                () -> all.get(0).logText());
    }
}
