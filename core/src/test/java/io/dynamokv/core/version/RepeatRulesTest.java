package io.dynamokv.core.version;

import static io.dynamokv.core.version.VersionFixtures.content;
import static io.dynamokv.core.version.VersionFixtures.dot;
import static io.dynamokv.core.version.VersionFixtures.record;
import static io.dynamokv.core.version.VersionFixtures.sibling;
import static io.dynamokv.core.version.VersionFixtures.textsIn;
import static io.dynamokv.core.version.VersionFixtures.timed;
import static io.dynamokv.core.version.VersionFixtures.tombstone;
import static io.dynamokv.core.version.VersionFixtures.vector;
import static io.dynamokv.core.version.VersionFixtures.written;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule W4, as far as versions go: a request that was executed twice, by whom, and what came in between. A and B are replicas, w, x, y writers. */
class RepeatRulesTest {
    private static final VersionVector NOTHING = VersionVector.EMPTY;

    /** 1. A executes the put as w1 and dies before it answers. 2. The balancer repeats it at B: x1. 3. They meet. */
    @Test
    void oneRequestThatTwoCoordinatorsExecutedIsOneVersionWithBothDots() {
        VersionedRecord both = written("milk", dot("w", 1)).join(written("milk", dot("x", 1)));

        assertEquals(List.of(sibling("milk", dot("w", 1), dot("x", 1))), both.siblings());
    }

    /** ...4. A client that has seen only A's copy overwrites it: B's copy goes too, for it is the same version. */
    @Test
    void whateverCoversOneDotRemovesTheVersion() {
        VersionedRecord both = written("milk", dot("w", 1), dot("x", 1));

        VersionedRecord overwritten = both.update(vector(dot("w", 1)), timed("y", 1), content("eggs"));
        VersionedRecord deleted = both.discard(vector(dot("x", 1)), 1);

        assertEquals(List.of("eggs"), textsIn(overwritten));
        assertTrue(deleted.isTombstone());
        assertEquals(overwritten, overwritten.join(both), "and no older copy brings it back");
        assertEquals(deleted, both.join(deleted));
    }

    /** 1. A and B execute one put, as w1 and x1. 2. A client that has read A's overwrites it there. 3. B's copy arrives. */
    @Test
    void whatASecondCoordinatorStoredGoesWithWhatWasOverwritten() {
        VersionedRecord atA = written("milk", dot("w", 1)).update(vector(dot("w", 1)), timed("w", 2), content("eggs"));
        VersionedRecord deleted = written("milk", dot("w", 1)).discard(vector(dot("w", 1)), 1);
        VersionedRecord atB = written("milk", dot("x", 1));

        assertEquals(List.of("eggs"), textsIn(atA.join(atB).withoutSuperseded()));
        assertEquals(List.of("eggs"), textsIn(atB.join(atA).withoutSuperseded()));
        assertTrue(atB.join(deleted).withoutSuperseded().isTombstone());
    }

    /**
     * Regression (seed 831 of the simulation): 1. A executes a put as w1, B as x1. 2. A client that has read w1 deletes it at B, which has never
     * seen w1. 3. They meet, also where a third one has B's copy.
     */
    @Test
    void aDotThatIsDeletedWhereItsRequestIsNotKnownTakesTheOtherCopyWithIt() {
        VersionedRecord atA = written("milk", dot("w", 1));
        VersionedRecord atB = written("milk", dot("x", 1)).discard(vector(dot("w", 1)), 1);
        VersionedRecord atC = VersionedRecord.EMPTY.discard(vector(dot("w", 1)), 1);

        assertTrue(atB.join(atA).withoutSuperseded().isTombstone());
        assertTrue(atA.join(atB).withoutSuperseded().isTombstone());
        assertTrue(atC.join(atA).join(atB).withoutSuperseded().isTombstone());
    }

    @Test
    void theNewestEightAreKnownForTwoMinutes() {
        VersionedRecord record = written("text 0", dot("w", 1));
        for (int i = 1; i <= 10; i++) {
            record = record.update(
                    record.context(), new TimedDot(dot("w", i + 1), HybridTime.ofMillis(i)), content("text " + i));
        }

        assertEquals(8, record.superseded().size());
        assertTrue(record.isSuperseded(content("text 9")));
        assertTrue(record.isSuperseded(content("text 2")));
        assertFalse(record.isSuperseded(content("text 1")));
        assertFalse(record.isSuperseded(content("text 10")), "it is live");

        VersionedRecord later = record.update(
                record.context(), new TimedDot(dot("w", 12), HybridTime.ofMillis(120_011)), content("late"));
        assertTrue(later.isSuperseded(content("text 10")));
        assertFalse(later.isSuperseded(content("text 9")));
    }

    @Test
    void theSameIdWithAnotherDigestIsAnotherVersion() {
        Content milk = content("milk");
        var other = new Content(milk.requestId(), new RequestDigest(1, 2), milk.contentType(), milk.value());
        VersionedRecord atA = VersionedRecord.EMPTY.update(NOTHING, timed("w", 1), milk);
        VersionedRecord atB = VersionedRecord.EMPTY.update(NOTHING, timed("x", 1), other);

        assertEquals(2, atA.join(atB).siblings().size());
    }

    @Test
    void twoRequestsWithTheSameBodyAreTwoVersions() {
        Content milk = content("milk");
        var again = new Content(RequestId.of("again"), milk.digest(), milk.contentType(), milk.value());
        VersionedRecord atA = VersionedRecord.EMPTY.update(NOTHING, timed("w", 1), milk);

        assertEquals(2, atA.update(NOTHING, timed("w", 2), again).siblings().size());
    }

    @Test
    void aCoordinatorFindsTheVersionThatARequestMade() {
        VersionedRecord milk = written("milk", dot("w", 1));

        assertTrue(milk.holds(content("milk")));
        assertTrue(milk.knows(RequestId.of("milk")));
        assertFalse(milk.knows(RequestId.of("eggs")));
    }

    /**
     * 1. A executes request q as milk, B executes another request with the same id as eggs. 2. The records are joined. 3. Eggs is
     * repeated: it is known, though milk comes first and has another digest.
     */
    @Test
    void aRepeatIsKnownByIdAndDigestNotByTheFirstWithItsId() {
        Content milk = content("milk");
        var eggs = new Content(milk.requestId(), content("eggs").digest(), milk.contentType(), milk.value());
        VersionedRecord both = VersionedRecord.EMPTY
                .update(NOTHING, timed("a", 1), milk)
                .join(VersionedRecord.EMPTY.update(NOTHING, timed("b", 1), eggs));

        assertTrue(both.holds(eggs));
        assertTrue(both.holds(milk));
    }

    /**
     * Regression (seed 1 of {@link RecordHistoryTest}): 1. A has milk as w1 and executes the repeated put as y1, as another
     * sibling of the same content. 2. B saw a delete of w1 and has y1. 3. B's join found only the first of A's two, took y1
     * for overwritten, and nothing was left of the milk.
     */
    @Test
    void aRequestThatOneRecordExecutesTwiceStaysOneVersion() {
        VersionedRecord atA = written("milk", dot("w", 1)).update(NOTHING, timed("y", 1), content("milk"));
        VersionedRecord atB = record(vector(dot("w", 1), dot("y", 1)), sibling("milk", dot("y", 1)));

        assertEquals(List.of(sibling("milk", dot("w", 1), dot("y", 1))), atA.siblings());
        assertEquals(atB, atB.join(atA));
        assertEquals(atB, atA.join(atB));
    }

    @Test
    void aRecordWithTwoSiblingsOfOneRequestIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> record(
                        vector(dot("w", 1), dot("x", 1)), sibling("milk", dot("w", 1)), sibling("milk", dot("x", 1))));
    }

    /**
     * The price of joins that know no ids: 1. w1 and x1 are one request's. 2. A has w1 only and a client deletes it there.
     * 3. B's x1 arrives. A join cannot know that they are one, so the milk is back, as a version and never as a loss. The
     * record's known ids close this for their two minutes, outside of the join.
     */
    @Test
    void pastTheWindowARepeatMayMakeASiblingNeverALoss() {
        VersionedRecord atA = written("milk", dot("w", 1)).discard(vector(dot("w", 1)), 1);
        VersionedRecord atB = written("milk", dot("x", 1));

        assertEquals(List.of("milk"), textsIn(atA.join(atB)));
    }

    /**
     * Why a dead dot must not take its version's other dots along in a join, tempting as it is: A saw a delete of w1, B has
     * milk as w1, C has it as x1. A with (B with C) would be empty, and (A with B) with C would have the milk.
     */
    @Test
    void aJoinThatRemovedWholeVersionsWouldNotBeAssociative() {
        VersionedRecord atA = tombstone(dot("w", 1));
        VersionedRecord atB = written("milk", dot("w", 1));
        VersionedRecord atC = written("milk", dot("x", 1));

        assertEquals(atA.join(atB).join(atC), atA.join(atB.join(atC)));
        assertEquals(List.of("milk"), textsIn(atA.join(atB.join(atC))));
    }
}
