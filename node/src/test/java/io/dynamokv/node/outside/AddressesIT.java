package io.dynamokv.node.outside;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Nodes that come back at other addresses are found there, and their new places are remembered (LESSONS 15). */
@Order(Cluster.SECOND)
@ResourceLock(value = Cluster.MACHINE, mode = ResourceAccessMode.READ)
class AddressesIT extends FreshNodes {
    AddressesIT() {
        super(131);
    }

    @Test
    void aNodeThatStartsElsewhereIsFoundAndItsNewPlaceIsRemembered() throws Exception {
        List<NodeUnderTest> all = cluster(3);
        NodeUnderTest moved = all.get(0);
        moved.stop();

        moved.startAgainAt(NodeUnderTest.Place.free(address(3)));
        moved.awaitServing();
        Cluster.awaitAlive(all);

        assertKnownAt(all.get(1), moved);
        assertKnownAt(all.get(2), moved);
        all.get(1).stop();
        all.get(1).startAgain();
        all.get(1).awaitServing();
        Cluster.awaitAlive(all);
        assertKnownAt(all.get(1), moved);
        aWriteAtEachIsReadAtAll(all);
    }

    private static void assertKnownAt(NodeUnderTest node, NodeUnderTest moved) throws Exception {
        String url = "http://" + moved.host() + ":" + moved.httpPort();
        node.await("the new url", () -> new String(node.get("/v1/cluster").body(), UTF_8).contains(url));
        node.awaitOnDisk("peers.json", "\"host\":\"" + moved.host() + "\",\"peerPort\":" + moved.peerPort());
    }

    /** Lesson 15: pods swap addresses. */
    @Test
    void twoNodesThatSwapTheirAddressesAreFoundEachWhereItIs() throws Exception {
        List<NodeUnderTest> all = cluster(3);
        NodeUnderTest first = all.get(0);
        NodeUnderTest second = all.get(1);
        for (NodeUnderTest node : List.of(first, second)) {
            node.stop();
        }
        NodeUnderTest.Place before = first.place();

        first.startAgainAt(second.place());
        second.startAgainAt(before);

        first.awaitServing();
        second.awaitServing();
        Cluster.awaitAlive(all);
        assertKnownAt(all.get(2), first);
        assertKnownAt(all.get(2), second);
        assertKnownAt(first, second);
        assertKnownAt(second, first);
        aWriteAtEachIsReadAtAll(all);
    }

    @Test
    void aNodeThatWasAwayWhileAllOthersMovedIsFoundByThem() throws Exception {
        List<NodeUnderTest> all = cluster(3);
        NodeUnderTest away = all.get(0);
        for (NodeUnderTest node : all) {
            node.stop();
        }
        all.get(1).startAgainAt(NodeUnderTest.Place.free(address(4)));
        all.get(2).startAgain();
        awaitAliveBetween(all.get(1), all.get(2));
        all.get(2).stop();
        all.get(2).startAgainAt(NodeUnderTest.Place.free(address(5)));
        awaitAliveBetween(all.get(1), all.get(2));

        away.startAgain();

        away.awaitServing();
        Cluster.awaitAlive(all);
        assertKnownAt(away, all.get(1));
        assertKnownAt(away, all.get(2));
        aWriteAtEachIsReadAtAll(all);
    }

    private static void awaitAliveBetween(NodeUnderTest one, NodeUnderTest other) throws Exception {
        for (NodeUnderTest node : List.of(one, other)) {
            node.awaitServing();
            node.await("the other", () -> node.metric("dynamokv_members_alive") == 1);
        }
    }
}
