package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MapFetchTest {
    private static final NodeId B = new NodeId(new UUID(0xB, 1));
    private static final NodeId C = new NodeId(new UUID(0xC, 1));
    private static final Epoch TWO = new Epoch(2);
    private static final Epoch THREE = new Epoch(3);

    private final MapFetch fetch = new MapFetch();

    @Test
    void oneIsFetchedAtATimeUntilItsReplyIsLate() {
        assertTrue(fetch.wants(B, TWO, 0));
        fetch.begin(B, TWO, 0);

        assertFalse(fetch.wants(B, TWO, 1));
        assertFalse(fetch.wants(C, THREE, MapFetch.REPLY_MILLIS_MAX - 1));
        assertTrue(fetch.wants(C, THREE, MapFetch.REPLY_MILLIS_MAX));
    }

    @Test
    void whatWasNotAskedForIsNotLookedAtNorIsASecondReply() {
        assertFalse(fetch.arrived(B));
        fetch.begin(B, TWO, 0);

        assertFalse(fetch.arrived(C));
        assertTrue(fetch.arrived(B));
        assertFalse(fetch.arrived(B));
    }

    @Test
    void nothingIsFetchedWhileAMapIsBeingAdopted() {
        fetch.begin(B, TWO, 0);
        fetch.arrived(B);

        assertFalse(fetch.wants(C, THREE, MapFetch.REPLY_MILLIS_MAX));
        fetch.ended(B, true, 10);
        assertTrue(fetch.wants(C, THREE, 10));
    }

    @Test
    void aMapThatWasRefusedIsNotFetchedAgainSoonButANewerOneIs() {
        fetch.begin(B, TWO, 0);
        fetch.arrived(B);
        fetch.ended(B, false, 100);

        assertFalse(fetch.wants(B, TWO, 100 + MapFetch.REFUSED_PAUSE_MILLIS - 1));
        assertTrue(fetch.wants(B, THREE, 101));
        assertTrue(fetch.wants(C, TWO, 101));
        assertTrue(fetch.wants(B, TWO, 100 + MapFetch.REFUSED_PAUSE_MILLIS));
    }

    @Test
    void withAnotherMapOfItsOwnANodeTriesAgain() {
        fetch.begin(B, TWO, 0);
        fetch.arrived(B);
        fetch.ended(B, false, 100);

        fetch.begunAnew();

        assertTrue(fetch.wants(B, TWO, 101));
    }
}
