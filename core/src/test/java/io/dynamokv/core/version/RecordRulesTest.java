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
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Rules D1 to D6: for each one the history that it prevents. A and B are replicas, w, x, y writers. */
class RecordRulesTest {
    private static final VersionVector NOTHING = VersionVector.EMPTY;

    @Nested
    class D1 {
        /**
         * 1. Three blind puts through one writer: milk w1, eggs w2, jam w3. Eggs was coordinated at B too, as x1.
         * 2. A client that saw only B's copy of the eggs overwrites it with bread.
         * 3. Of writer w the first and the third are left. Counted down from the vector's w:3, as positions are, the milk would be w2.
         * 4. A client that has read w:1, and so saw the milk, deletes it: by position it would stay.
         */
        @Test
        void aPositionWouldMisnameASiblingOnceTheOneBetweenIsGone() {
            VersionedRecord three = VersionedRecord.EMPTY
                    .update(NOTHING, timed("w", 1), content("milk"))
                    .update(NOTHING, timed("w", 2), content("eggs"))
                    .update(NOTHING, timed("w", 3), content("jam"))
                    .join(written("eggs", dot("x", 1)));

            VersionedRecord left = three.update(vector(dot("x", 1)), timed("y", 1), content("bread"));

            assertEquals(
                    List.of(sibling("milk", dot("w", 1)), sibling("jam", dot("w", 3)), sibling("bread", dot("y", 1))),
                    left.siblings());
            VersionedRecord read = left.discard(vector(dot("w", 1)), 1);
            assertEquals(List.of("bread", "jam"), textsIn(read));
        }

        /** Two records that differ only in which dot names the value are two: the one's context does not cover the other's value. */
        @Test
        void theSameValueUnderAnotherDotIsAnotherVersion() {
            assertNotEquals(written("milk", dot("w", 1)), written("milk", dot("x", 1)));
        }

        @Test
        void aRecordWhoseVectorDoesNotCoverItsDotsIsRefused() {
            assertThrows(IllegalArgumentException.class, () -> record(NOTHING, sibling("milk", dot("w", 1))));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> record(vector(dot("w", 1)), sibling("milk", dot("w", 1)), sibling("eggs", dot("w", 1))));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> record(
                            vector(dot("w", 1), dot("x", 1)),
                            sibling("milk", dot("x", 1)),
                            sibling("eggs", dot("w", 1))));
        }
    }

    @Nested
    class D2 {
        /**
         * 1. A writes milk as w1 and sends it to B. 2. A loses its unsynced tail and starts again without the record.
         * 3. A remembers the writer and issues w1 once more, for eggs. 4. A and B join: each has seen the other's dot and does
         * not have the value, so both take it for overwritten. Two values are lost.
         */
        @Test
        void aDotThatIsIssuedTwiceLosesBothValues() {
            VersionedRecord atB = written("milk", dot("w", 1));
            VersionedRecord atA = VersionedRecord.EMPTY.update(NOTHING, timed("w", 1), content("eggs"));

            assertEquals(List.of(), textsIn(atA.join(atB)), "which is why no writer may outlive its record");
        }

        /** The same start, but A draws a fresh writer, as the rule wants it. */
        @Test
        void aFreshWriterNeverCoversWhatItsNodeForgot() {
            VersionedRecord atB = written("milk", dot("w", 1));
            VersionedRecord atA = VersionedRecord.EMPTY.update(NOTHING, timed("x", 1), content("eggs"));

            assertEquals(List.of("eggs", "milk"), textsIn(atA.join(atB)));
        }

        /** A stand-in delivers its record, drops it, and hears of it again before it coordinates: the dot is there already. */
        @Test
        void aDotThatTheRecordHasSeenIsRefused() {
            VersionedRecord seen = tombstone(dot("w", 2));

            assertThrows(IllegalStateException.class, () -> seen.update(NOTHING, timed("w", 2), content("milk")));
            assertThrows(IllegalStateException.class, () -> seen.update(NOTHING, timed("w", 1), content("milk")));
        }

        /**
         * 1. A writes milk as w1 and sends it to B. 2. A loses the record and keeps the count of w. 3. It issues w2 for eggs on top of
         * nothing, and w:2 says that it has seen w1. 4. A and B join: the milk is gone.
         */
        @Test
        void aDotThatLeavesAGapWouldCoverAWriteThatTheRecordNeverSaw() {
            assertThrows(
                    IllegalStateException.class,
                    () -> VersionedRecord.EMPTY.update(NOTHING, timed("w", 2), content("eggs")));

            VersionedRecord atA = record(vector(dot("w", 2)), sibling("eggs", dot("w", 2)));
            assertEquals(
                    List.of("eggs"), textsIn(atA.join(written("milk", dot("w", 1)))), "which is why it is refused");
        }

        /** The client has seen a dot of this writer that the record has not: the node forgot it. */
        @Test
        void aDotThatTheClientHasSeenIsRefused() {
            VersionVector context = vector(dot("w", 1));

            assertThrows(
                    IllegalStateException.class,
                    () -> VersionedRecord.EMPTY.update(context, timed("w", 1), content("milk")));
        }
    }

    @Nested
    class D3 {
        /**
         * 1. A holds milk w1 and, beside it, eggs w2. 2. It sends B the eggs alone, with w:2. 3. B's vector says that it has seen w1,
         * which it never got. 4. A and B join: the milk is gone from both.
         */
        @Test
        void aVersionThatTravelsAloneWouldLoseTheOneBeforeIt() {
            VersionedRecord atA = VersionedRecord.EMPTY
                    .update(NOTHING, timed("w", 1), content("milk"))
                    .update(NOTHING, timed("w", 2), content("eggs"));
            VersionedRecord eggsAlone = record(vector(dot("w", 2)), sibling("eggs", dot("w", 2)));

            assertEquals(List.of("eggs"), textsIn(eggsAlone.join(atA)), "which is why a record travels whole");
            assertEquals(List.of("eggs", "milk"), textsIn(VersionedRecord.EMPTY.join(atA)));
        }

        /** 1. B has milk and eggs. 2. A late message with the milk alone arrives. 3. Overwriting would drop the eggs; joining changes nothing. */
        @Test
        void aLateMessageIsJoinedAndOverwritesNothing() {
            VersionedRecord early = VersionedRecord.EMPTY.update(NOTHING, timed("w", 1), content("milk"));
            VersionedRecord now = early.update(NOTHING, timed("w", 2), content("eggs"));

            assertSame(now, now.join(now));
            assertEquals(now, now.join(early));
            assertEquals(now, early.join(now));
        }

        @Test
        void aWriteThatIsOverwrittenOnOneSideGoesOnBoth() {
            VersionedRecord atB = written("milk", dot("w", 1));
            VersionedRecord atA = atB.update(atB.context(), timed("x", 1), content("eggs"));

            assertEquals(List.of("eggs"), textsIn(atA.join(atB)));
            assertEquals(List.of("eggs"), textsIn(atB.join(atA)));
        }

        /** Owners that deleted at different times of day hold the same tombstone (T1 compares them), and both keep the later time. */
        @Test
        void theTimeOfADeleteIsJoinedAndIsNoPartOfEquality() {
            VersionedRecord milk = written("milk", dot("w", 1));
            VersionedRecord early = milk.discard(milk.context(), 10);
            VersionedRecord late = milk.discard(milk.context(), 20);

            assertEquals(early, late);
            assertEquals(20, early.join(late).deletedAtMillis());
            assertEquals(20, late.join(early).deletedAtMillis());
        }
    }

    @Nested
    class D4 {
        /**
         * 1. Eggs are there. 2. A client puts milk without a context: both are siblings. 3. Had the answer carried the record's
         * context, the client's next put would cover the eggs, which it never saw.
         */
        @Test
        void aBlindPutsContextWouldCoverASiblingThatTheClientNeverSaw() {
            VersionedRecord after = written("eggs", dot("w", 1)).update(NOTHING, timed("x", 1), content("milk"));
            assertEquals(List.of("eggs", "milk"), textsIn(after));

            VersionedRecord next = after.update(after.context(), timed("x", 2), content("more milk"));

            assertEquals(
                    List.of("more milk"),
                    textsIn(next),
                    "which is why a 204 has a context only when one version is left");
        }

        /** With one version left, the context covers that one and what is gone already. */
        @Test
        void theContextOfTheOnlyVersionCoversNothingUnseen() {
            VersionedRecord eggs = written("eggs", dot("w", 1));
            VersionedRecord milk = eggs.update(eggs.context(), timed("x", 1), content("milk"));
            VersionedRecord unseen = eggs.update(NOTHING, timed("y", 1), content("jam"));

            VersionedRecord next = milk.join(unseen).update(milk.context(), timed("x", 2), content("more milk"));

            assertEquals(List.of("jam", "more milk"), textsIn(next));
        }

        @Test
        void aGetsContextCoversAllThatItReturned() {
            VersionedRecord read = written("eggs", dot("w", 1)).join(written("milk", dot("x", 1)));

            assertEquals(List.of("both"), textsIn(read.update(read.context(), timed("w", 2), content("both"))));
        }
    }

    @Nested
    class D5 {
        /** 1. A client reads milk. 2. Another one puts eggs. 3. The first one deletes what it read: the eggs survive, everywhere. */
        @Test
        void aConcurrentValueSurvivesADelete() {
            VersionedRecord milk = written("milk", dot("w", 1));
            VersionedRecord withEggs = milk.update(NOTHING, timed("w", 2), content("eggs"));
            VersionedRecord deleted = milk.discard(milk.context(), 1);

            assertEquals(List.of("eggs"), textsIn(withEggs.discard(milk.context(), 1)));
            assertEquals(List.of("eggs"), textsIn(deleted.join(withEggs)));
            assertEquals(List.of("eggs"), textsIn(withEggs.join(deleted)));
        }

        /** 1. The client read from B. 2. It deletes at A, which never heard of the value. 3. B's copy comes to A: it stays deleted. */
        @Test
        void aDeleteHoldsForAValueThatArrivesAfterIt() {
            VersionedRecord atB = written("milk", dot("w", 1));
            VersionedRecord atA = VersionedRecord.EMPTY.discard(atB.context(), 1);

            assertTrue(atA.isTombstone());
            assertTrue(atA.join(atB).isTombstone());
        }

        /**
         * If a delete made a dot, two replicas that execute the same delete would make two tombstones, and a repeated one would
         * grow the vector for ever.
         */
        @Test
        void aDeleteMakesNoDot() {
            VersionedRecord milk = written("milk", dot("w", 1));

            VersionedRecord deleted = milk.discard(milk.context(), 1);

            assertEquals(milk.vector(), deleted.vector());
            assertEquals(deleted, deleted.discard(milk.context(), 9));
        }

        /** 1. Milk is deleted. 2. Eggs are put. 3. The delete is repeated: nothing more goes (rule W4). */
        @Test
        void aRepeatedDeleteRemovesNothingMore() {
            VersionedRecord milk = written("milk", dot("w", 1));
            VersionedRecord eggs = milk.discard(milk.context(), 1).update(NOTHING, timed("w", 2), content("eggs"));

            assertEquals(eggs, eggs.discard(milk.context(), 2));
        }

        @Test
        void aDeleteThatSawNothingChangesNothing() {
            VersionedRecord milk = written("milk", dot("w", 1));

            assertSame(milk, milk.discard(NOTHING, 5));
            assertFalse(VersionedRecord.EMPTY.isTombstone());
            assertTrue(VersionedRecord.EMPTY.isEmpty());
        }
    }

    @Nested
    class D6 {
        private final TimedDot early = new TimedDot(dot("x", 1), HybridTime.ofMillis(1));
        private final TimedDot late = new TimedDot(dot("w", 1), HybridTime.ofMillis(2));

        /**
         * 1. Milk (late) and eggs (early) are concurrent. 2. A has seen a delete of the milk, B the milk, C the eggs.
         * 3. If B's join with C kept the later one only, then A with (B with C) would have nothing, and (A with B) with C the eggs.
         */
        @Test
        void aJoinThatResolvedWouldNotBeAssociative() {
            VersionedRecord atA = tombstone(late.dot());
            VersionedRecord atB = VersionedRecord.EMPTY.update(NOTHING, late, content("milk"));
            VersionedRecord atC = VersionedRecord.EMPTY.update(NOTHING, early, content("eggs"));

            assertEquals(List.of("eggs", "milk"), textsIn(atB.join(atC)));
            assertEquals(List.of("eggs"), textsIn(atA.join(atB.join(atC))));
            assertEquals(atA.join(atB.join(atC)), atA.join(atB).join(atC));
        }

        @Test
        void theLatestByHybridTimeIsShownWhateverTheOrderOfDots() {
            VersionedRecord both = VersionedRecord.EMPTY
                    .update(NOTHING, early, content("eggs"))
                    .update(NOTHING, late, content("milk"));

            assertEquals(Optional.of(content("milk")), both.latest().map(Sibling::content));
            assertEquals(Optional.empty(), tombstone(dot("w", 1)).latest());
        }

        @Test
        void equalTimesAreDecidedByTheDot() {
            HybridTime time = HybridTime.ofMillis(7);
            VersionedRecord w = VersionedRecord.EMPTY.update(NOTHING, new TimedDot(dot("w", 1), time), content("milk"));
            VersionedRecord x = VersionedRecord.EMPTY.update(NOTHING, new TimedDot(dot("x", 1), time), content("eggs"));

            assertEquals(Optional.of(content("eggs")), w.join(x).latest().map(Sibling::content));
            assertEquals(w.join(x).latest(), x.join(w).latest());
        }

        @Test
        void aVersionIsAsLateAsItsLatestDot() {
            var twice = new Sibling(List.of(late, early), content("milk"));

            assertEquals(late.time(), twice.time());
        }

        /** A clock that runs behind: the time of the next write is still above all that the coordinator holds. */
        @Test
        void theNextWriteIsLaterThanAllThatIsHeldEvenOnASlowClock() {
            VersionedRecord held = VersionedRecord.EMPTY.update(NOTHING, late, content("milk"));

            HybridTime next = held.latest().orElseThrow().time().next(0);

            assertTrue(next.isAfter(late.time()));
        }
    }
}
