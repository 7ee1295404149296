package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.node.port.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rules W1, H1: the metric of what a node took for owners that were down. */
@Timeout(20)
class HintsTakenTest {
    private final NodeOnOneLoop node = NodeOnOneLoop.of(4, 3).serve();

    @AfterEach
    void stop() {
        node.close();
    }

    private static Outcome outcome(Answer answer) {
        return assertInstanceOf(Answer.Done.class, answer).outcome();
    }

    @Test
    void whatAnotherCoordinatorGivesIsCounted() throws Exception {
        Key key = node.keyWhere(false);

        assertEquals(
                new PeerReply.Acknowledged(),
                NodeOnOneLoop.get(
                        node.executeForPeer(key, new PeerRequest.StandIn(node.storeKey(key), NodeOnOneLoop.MILK, 1))));

        assertEquals(1, node.storageNode.stoodIn());
    }

    /** It counted only what others gave, so with no owner alive and W=1 it stayed at none. */
    @Test
    void whatItKeepsItselfAsTheCoordinatorInTheOwnersPlaceIsCountedToo() throws Exception {
        Key key = node.keyWhere(false);
        node.partitionOf(key).owners().forEach(node.liveness::refused);

        assertInstanceOf(
                Outcome.Written.class, outcome(NodeOnOneLoop.get(node.execute(NodeOnOneLoop.put(key, "eggs")))));
        assertEquals(1, node.storageNode.stoodIn());
        assertInstanceOf(
                Outcome.Written.class,
                outcome(NodeOnOneLoop.get(
                        node.execute(new ClientRequest.Delete(key, new RequestId(1, 1), null, 1, 1)))));
        assertEquals(2, node.storageNode.stoodIn());
    }

    @Test
    void whatAnOwnerHoldsForItselfIsNotCountedNorADeleteOfNothing() throws Exception {
        Key own = node.keyWhere(true);
        Key others = node.keyWhere(false);
        node.partitionOf(others).owners().forEach(node.liveness::refused);

        NodeOnOneLoop.get(node.executeForPeer(own, new PeerRequest.StandIn(node.storeKey(own), NodeOnOneLoop.MILK, 1)));
        NodeOnOneLoop.get(node.execute(NodeOnOneLoop.put(own, "eggs")));
        NodeOnOneLoop.get(node.execute(new ClientRequest.Delete(others, new RequestId(1, 1), null, 1, 1)));

        assertEquals(0, node.storageNode.stoodIn());
    }
}
