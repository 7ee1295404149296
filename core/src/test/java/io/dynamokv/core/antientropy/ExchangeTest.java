package io.dynamokv.core.antientropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Dynamo 4.7: two owners become equal whatever they missed, and pay for what differs. Both only ever join (rule D3). */
class ExchangeTest {
    private static final ExchangeLimits LIMITS = ExchangeLimits.DEFAULT;
    /** So that every list and every fetch takes several messages. */
    private static final ExchangeLimits TINY = new ExchangeLimits(300, 400, 3, 2);

    private static final int EXCHANGES_MAX = 3;

    private final RandomGenerator random = SeededProperty.GENERATORS.create(1);
    private final Owner a = new Owner(random, LIMITS);
    private final Owner b = new Owner(random, LIMITS);

    private static Key key(int number) {
        return new Key("carts", "key-" + number);
    }

    private Dialogue.Played exchange(Owner here, Owner there) {
        return Dialogue.play(here, there, LIMITS, random);
    }

    private static void assertEqualAndComplete(Owner one, Owner other, Dialogue.Played played) {
        assertTrue(played.report().isComplete(), () -> played.report().toString());
        assertEquals(one.records(), other.records());
        assertEquals(one.tree(), other.tree());
    }

    @Test
    void equalReplicasPayOnePairOfMessages() {
        for (int i = 0; i < 500; i++) {
            b.join(key(i), a.put(key(i), VersionVector.EMPTY, 10));
        }

        Dialogue.Played played = exchange(a, b);

        assertEqualAndComplete(a, b, played);
        assertEquals(2, played.messages());
        assertEquals(
                new ExchangeReport.Counts(1, 0, 0, 0, 0, 0, 0), played.report().counts());
    }

    @Test
    void emptyReplicasPayOnePairOfMessages() {
        assertEquals(2, exchange(a, b).messages());
    }

    @Test
    void oneRecordThatDiffersCostsItsLeafAndItself() {
        for (int i = 0; i < 5000; i++) {
            b.join(key(i), a.put(key(i), VersionVector.EMPTY, 10));
        }
        VersionedRecord newer = b.put(key(77), a.held(key(77)).context(), 10);

        Dialogue.Played played = exchange(a, b);

        assertEqualAndComplete(a, b, played);
        assertEquals(newer, a.held(key(77)));
        assertEquals(6, played.messages());
        ExchangeReport.Counts counts = played.report().counts();
        assertEquals(1, counts.leavesDiffering());
        assertTrue(counts.keysCompared() < 30, counts.toString());
        assertEquals(List.of(1L, 0L), List.of(counts.recordsPulled(), counts.recordsPushed()));
    }

    /** What is joined of a conflict is more than either had, so it goes both ways. */
    @Test
    void concurrentVersionsAreSiblingsAtBoth() {
        a.put(key(1), VersionVector.EMPTY, 10);
        b.put(key(1), VersionVector.EMPTY, 20);

        Dialogue.Played played = exchange(a, b);

        assertEqualAndComplete(a, b, played);
        assertEquals(2, a.held(key(1)).siblings().size());
        assertEquals(1, played.report().counts().recordsPushed());
    }

    /** 1. A deletes. 2. B missed it and has the value. 3. The tombstone counts in A's tree, so the value does not come back. */
    @Test
    void d5_aTombstoneWinsOverWhatItCovers() {
        VersionedRecord milk = a.put(key(1), VersionVector.EMPTY, 10);
        b.join(key(1), milk);
        a.delete(key(1), milk.context());

        assertEqualAndComplete(b, a, exchange(b, a));
        assertTrue(b.held(key(1)).isTombstone());
    }

    @Test
    void whateverTwoReplicasMissedTheyBecomeEqualAndLoseNothing() {
        SeededProperty.forSeeds(300, seeded -> {
            ExchangeLimits limits = seeded.nextBoolean() ? LIMITS : TINY;
            var world = new World(seeded, limits);
            world.live(seeded.nextInt(120));
            Map<Key, VersionedRecord> expected = world.joined();

            for (int i = 0; i < EXCHANGES_MAX && !world.isEqual(); i++) {
                assertTrue(world.exchange(Dialogue.Network.PERFECT, () -> {}).isComplete());
            }

            assertEquals(world.one.records(), world.other.records());
            assertEquals(expected, world.one.records());
        });
    }

    @Test
    void overANetworkThatLosesAndRepeatsTheyBecomeEqualToo() {
        var ends = new LinkedHashMap<ExchangeReport.End, Integer>();
        SeededProperty.forSeeds(300, seeded -> {
            var world = new World(seeded, seeded.nextBoolean() ? LIMITS : TINY);
            world.live(seeded.nextInt(120));
            Map<Key, VersionedRecord> expected = world.joined();

            for (int i = 0; i < 500 && !world.isEqual(); i++) {
                ExchangeReport report = world.exchange(Dialogue.Network.POOR, () -> {});
                ends.merge(report.end(), 1, Integer::sum);
            }

            assertEquals(expected, world.one.records());
            assertEquals(expected, world.other.records());
        });
        assertTrue(ends.getOrDefault(ExchangeReport.End.INTERRUPTED, 0) > 50, ends.toString());
        assertTrue(ends.getOrDefault(ExchangeReport.End.COMPLETE, 0) > 50, ends.toString());
    }

    /** Rule V2: each difference that was there when it began is durable at both sides when it completes, though writes go on. */
    @Test
    void v2_aCompleteExchangeLeavesBothWithAllThatEitherHadWhenItBegan() {
        SeededProperty.forSeeds(300, seeded -> {
            var world = new World(seeded, seeded.nextBoolean() ? LIMITS : TINY);
            world.live(seeded.nextInt(120));
            Map<Key, VersionedRecord> before = world.joined();

            ExchangeReport report = world.exchange(new Dialogue.Network(0, 10), world::step);

            assertTrue(report.isComplete());
            before.forEach((key, record) -> {
                assertTrue(world.one.held(key).vector().descends(record.vector()), key::toString);
                assertTrue(world.other.held(key).vector().descends(record.vector()), key::toString);
            });
        });
    }

    @Test
    void aWipedReplicaIsRefilledInBatchesWhicheverSideBegins() {
        long bytes = 0;
        for (int i = 0; i < 8000; i++) {
            bytes += new KeyRecord(key(i), a.put(key(i), VersionVector.EMPTY, 500)).bytes();
        }
        var other = new Owner(random, LIMITS);
        int batchesMin = (int) (bytes / LIMITS.messageBytesMax()) + 1;

        Dialogue.Played pulled = exchange(b, a);
        Dialogue.Played pushed = exchange(a, other);

        assertEqualAndComplete(a, b, pulled);
        assertEqualAndComplete(a, other, pushed);
        assertEquals(0, pulled.asked(ExchangeRequest.ListKeys.class) + pushed.asked(ExchangeRequest.ListKeys.class));
        assertEquals(batchesMin, pulled.asked(ExchangeRequest.FetchLeaves.class));
        assertEquals(batchesMin, pushed.asked(ExchangeRequest.Join.class));
        assertEquals(bytes, pulled.report().counts().bytesPulled());
        assertEquals(bytes, pushed.report().counts().bytesPushed());
    }

    @Test
    void aReplicaThatWasRefilledHalfIsRefilledToTheEnd() {
        for (int i = 0; i < 4000; i++) {
            VersionedRecord record = a.put(key(i), VersionVector.EMPTY, 10);
            if (i % 2 == 0) {
                b.join(key(i), record);
            }
        }

        Dialogue.Played played = exchange(b, a);

        assertEqualAndComplete(a, b, played);
        assertEquals(2000, played.report().counts().recordsPulled());
        assertEquals(0, played.report().counts().recordsPushed());
    }

    @Test
    void recordsOfOneMegabyteGoFewAtATime() {
        int bytes = 1 << 20;
        for (int i = 0; i < 12; i++) {
            a.put(key(i), VersionVector.EMPTY, bytes);
        }
        for (int i = 12; i < 24; i++) {
            b.put(key(i), VersionVector.EMPTY, bytes);
        }
        a.put(key(50), VersionVector.EMPTY, bytes);
        b.put(key(50), VersionVector.EMPTY, bytes);

        Dialogue.Played played = exchange(a, b);

        assertEqualAndComplete(a, b, played);
        long oneBatch = LIMITS.messageBytesMax() + bytes + 1000;
        assertTrue(played.bytesUnderWayMax() <= LIMITS.batchesUnderWayMax() * oneBatch, () -> "" + played);
    }

    /** Two owners, what befalls them, and the exchanges that either begins. */
    private static final class World {
        private static final int KEYS = 40;

        private final RandomGenerator random;
        private final ExchangeLimits limits;
        private final Owner one;
        private final Owner other;

        World(RandomGenerator random, ExchangeLimits limits) {
            this.random = random;
            this.limits = limits;
            one = new Owner(random, limits);
            other = new Owner(random, limits);
        }

        void live(int steps) {
            for (int i = 0; i < steps; i++) {
                step();
            }
        }

        void step() {
            Owner owner = random.nextBoolean() ? one : other;
            Owner peer = owner == one ? other : one;
            Key key = key(random.nextInt(KEYS));
            switch (random.nextInt(8)) {
                case 0 -> owner.delete(key, owner.held(key).context());
                case 1 -> owner.join(key, peer.held(key));
                case 2 -> owner.putAsElsewhere(key, "request " + random.nextInt(50));
                case 3, 4 -> owner.put(key, owner.held(key).context(), random.nextInt(100));
                default -> peer.join(key, owner.put(key, VersionVector.EMPTY, random.nextInt(100)));
            }
        }

        ExchangeReport exchange(Dialogue.Network network, Runnable meanwhile) {
            boolean oneBegins = random.nextBoolean();
            return Dialogue.play(oneBegins ? one : other, oneBegins ? other : one, limits, random, network, meanwhile)
                    .report();
        }

        boolean isEqual() {
            return one.records().equals(other.records());
        }

        Map<Key, VersionedRecord> joined() {
            var joined = new LinkedHashMap<>(one.records());
            other.records()
                    .forEach((key, record) -> joined.merge(
                            key, record, (mine, theirs) -> mine.join(theirs).withoutSuperseded()));
            return joined;
        }
    }

    private static final LeafTable EMPTY_TREE = new LeafTable();

    private static LeafTable treeWith(int leaf, long value) {
        var tree = new LeafTable();
        tree.set(leaf, value);
        return tree;
    }

    private static long numberOf(List<ExchangeEffect> effects) {
        return assertInstanceOf(ExchangeEffect.AskPeer.class, effects.getFirst())
                .number();
    }

    private static ExchangeReport reportOf(List<ExchangeEffect> effects) {
        return assertInstanceOf(ExchangeEffect.End.class, effects.getLast()).report();
    }

    @Test
    void everyQuestionHasATimerAndSilenceEndsIt() {
        var exchange = new Exchange(EMPTY_TREE, LIMITS);
        List<ExchangeEffect> effects = exchange.start();
        long number = numberOf(effects);

        assertEquals(new ExchangeEffect.StartTimer(number), effects.getLast());
        ExchangeReport report = reportOf(exchange.on(new ExchangeEvent.TimedOut(number)));
        assertEquals(ExchangeReport.End.INTERRUPTED, report.end());
        assertEquals("a question to PEER was not answered in time", report.why());
        assertTrue(exchange.isDone());
        assertEquals(List.of(), exchange.on(new ExchangeEvent.Answered(number, new ExchangeReply.Same())));
    }

    @Test
    void aTimerOfAnAnsweredQuestionMeansNothing() {
        var exchange = new Exchange(EMPTY_TREE, LIMITS);
        long compare = numberOf(exchange.start());
        exchange.on(new ExchangeEvent.Answered(compare, new ExchangeReply.Differs(treeWith(3, 9))));

        assertEquals(List.of(), exchange.on(new ExchangeEvent.TimedOut(compare)));
        assertEquals(List.of(), exchange.on(new ExchangeEvent.Lost(compare)));
        assertEquals(List.of(), exchange.on(new ExchangeEvent.Answered(compare, new ExchangeReply.Same())));
        assertFalse(exchange.isDone());
    }

    @Test
    void aPeerThatDeclinesEndsIt() {
        var exchange = new Exchange(EMPTY_TREE, LIMITS);
        long number = numberOf(exchange.start());

        ExchangeReport report =
                reportOf(exchange.on(new ExchangeEvent.Answered(number, new ExchangeReply.Declined("no slot"))));

        assertEquals(ExchangeReport.End.DECLINED, report.end());
        assertEquals("PEER declined: no slot", report.why());
    }

    @Test
    void anOwnStoreThatFailsEndsItAsInterrupted() {
        var exchange = new Exchange(treeWith(3, 9), LIMITS);
        long number = numberOf(exchange.start());
        List<ExchangeEffect> asked =
                exchange.on(new ExchangeEvent.Answered(number, new ExchangeReply.Differs(EMPTY_TREE)));
        long fetch =
                assertInstanceOf(ExchangeEffect.AskSelf.class, asked.getFirst()).number();

        ExchangeReport report =
                reportOf(exchange.on(new ExchangeEvent.Answered(fetch, new ExchangeReply.Declined("broken"))));

        assertEquals(ExchangeReport.End.INTERRUPTED, report.end());
    }

    @Test
    void whilePausedNothingNewIsBegunAndWhatIsUnderWayGoesOn() {
        var exchange = new Exchange(EMPTY_TREE, LIMITS);
        long number = numberOf(exchange.start());
        assertEquals(List.of(), exchange.on(new ExchangeEvent.Paused(true)));

        assertEquals(
                List.of(), exchange.on(new ExchangeEvent.Answered(number, new ExchangeReply.Differs(treeWith(3, 9)))));

        List<ExchangeEffect> resumed = exchange.on(new ExchangeEvent.Paused(false));
        var asked = assertInstanceOf(ExchangeEffect.AskPeer.class, resumed.getFirst());
        assertEquals(new ExchangeRequest.FetchLeaves(3, null, 3), asked.request());
    }

    /** A peer of another mind must not make this replica ask for ever, or store what is not of the leaf. */
    @Test
    void answersToAnotherQuestionEndIt() {
        var exchange = new Exchange(EMPTY_TREE, LIMITS);
        long compare = numberOf(exchange.start());
        List<ExchangeEffect> asked = exchange.on(
                new ExchangeEvent.Answered(compare, new ExchangeReply.Differs(treeWith(leafBut(key(1)), 9))));
        var foreign = new KeyRecord(key(1), a.put(key(1), VersionVector.EMPTY, 1));

        ExchangeReport report = reportOf(exchange.on(
                new ExchangeEvent.Answered(numberOf(asked), new ExchangeReply.Fetched(List.of(foreign), true))));

        assertEquals(ExchangeReport.End.INTERRUPTED, report.end());
        assertEquals("an answer to another question: Fetched", report.why());
    }

    private static int leafBut(Key key) {
        return (Leaf.indexOf(key) + 1) % 1024;
    }

    /** It is what an exchange costs a replica's disk, and is limited by. */
    @Test
    void whatAReplicaReadsIsCountedAlsoWhereKeysAloneAreSent() {
        var keys = new ArrayList<Key>();
        long bytes = 0;
        for (int i = 0; i < 100; i++) {
            keys.add(key(i));
            bytes += new KeyRecord(key(i), a.put(key(i), VersionVector.EMPTY, 1000)).bytes();
        }

        a.answer(new ExchangeRequest.ListKeys(
                IntStream.range(0, Leaf.COUNT).boxed().toList(), null));
        assertEquals(bytes, a.bytesRead());
        a.answer(new ExchangeRequest.FetchKeys(keys));
        assertEquals(2 * bytes, a.bytesRead());
        a.answer(new ExchangeRequest.FetchLeaves(0, null, Leaf.COUNT - 1));
        assertEquals(3 * bytes, a.bytesRead());
    }

    @Test
    void anAnswerThatGoesOnSaysHowFarItCame() {
        assertThrows(IllegalArgumentException.class, () -> new ExchangeReply.Fetched(List.of(), false));
        assertThrows(IllegalArgumentException.class, () -> new ExchangeReply.Listed(List.of(), false));
        assertThrows(IllegalArgumentException.class, () -> new ExchangeLimits(0, 1, 1, 1));
        assertNotEquals(new ExchangeReply.Listed(List.of(), true), new ExchangeReply.Same());
    }
}
