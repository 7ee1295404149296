package io.dynamokv.core.store;

import static io.dynamokv.core.simulation.Samples.NOTHING;
import static io.dynamokv.core.simulation.Samples.content;
import static io.dynamokv.core.simulation.Samples.storeKey;
import static io.dynamokv.core.simulation.Samples.textsIn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.Sibling;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rule D2: a writer issues a dot only on top of a record that includes all its dots. Each history would cover a value that nobody overwrote. */
class WriterRuleTest {
    private final RandomGenerator random = SeededProperty.GENERATORS.create(1);
    private final Replica a = new Replica(random);
    private final Replica b = new Replica(random);

    private static WriterId writerAt(Replica replica) {
        WriterMark mark = replica.stored().mark();
        if (mark == null) {
            throw new AssertionError("the replica has no writer");
        }
        return mark.writer();
    }

    private static List<String> joined(Replica one, Replica other) {
        VersionedRecord joined = one.record().join(other.record());
        assertEquals(joined, other.record().join(one.record()));
        return textsIn(joined);
    }

    @Test
    void withinOneStartAWriterGoesOnCounting() {
        a.put("milk");
        WriterId writer = writerAt(a);

        VersionedRecord both = a.put("eggs");

        assertEquals(writer, writerAt(a));
        assertEquals(VersionVector.of(new Dot(writer, 2)), both.vector());
        assertEquals(List.of("eggs", "milk"), textsIn(both));
    }

    @Test
    void anotherKeyHasAnotherWriter() {
        a.put("milk");
        var other = new StoreOperation.Put(
                storeKey("other"),
                NOTHING,
                content("eggs"),
                new Bucket("carts", Conflicts.SIBLINGS),
                Replica.NOW_MILLIS);

        assertEquals(0, a.held(other).vector().counter(writerAt(a)));
    }

    @Test
    void aReplicaThatOnlyReceivesHasNoWriter() {
        a.put("milk");

        b.receive(a);

        assertNull(b.stored().mark(), "the mark is never replicated");
    }

    @Test
    void whatIsReceivedLeavesTheWriterInUse() {
        a.put("milk");
        WriterId writer = writerAt(a);
        b.put("eggs");

        a.receive(b);
        VersionedRecord three = a.put("jam");

        assertEquals(2, three.vector().counter(writer));
    }

    /**
     * 1. The stand-in S coordinates milk (w1), 2. delivers it to A and drops its own record. 3. S coordinates eggs. As w1 once more A would
     * take the eggs for known and gone; as w2 on an empty record S's vector would say that it saw the milk and has it no more.
     */
    @Test
    void aStandInDeliversDropsAndCoordinatesAgain() {
        Replica standIn = b;
        standIn.put("milk");
        WriterId before = writerAt(standIn);
        a.receive(standIn);
        standIn.drop();

        standIn.put("eggs");

        assertNotEquals(before, writerAt(standIn));
        assertEquals(List.of("eggs", "milk"), joined(a, standIn));
    }

    /**
     * 1. A coordinates milk (w1) and syncs. 2. It coordinates eggs (w2); B gets them. 3. The power fails at A, whose log ends with the milk and the
     * mark of w. 4. A starts and coordinates jam. As w2 it would meet B's w2: each side would take the other's value for overwritten.
     */
    @Test
    void anUnsyncedTailIsLostAndTheNodeRestarts() {
        a.put("milk");
        a.sync();
        WriterId before = writerAt(a);
        a.put("eggs");
        b.receive(a);
        a.crashAndRestart();
        assertEquals(List.of("milk"), textsIn(a.record()));
        assertEquals(before, writerAt(a), "the old mark is still there");

        a.put("jam");

        assertNotEquals(before, writerAt(a));
        assertEquals(List.of("eggs", "jam", "milk"), joined(a, b));
    }

    @Test
    void aRestartThatLostNothingDrawsAFreshWriterTooForItCannotKnow() {
        a.put("milk");
        a.sync();
        WriterId before = writerAt(a);

        a.crashAndRestart();
        a.put("eggs");

        assertNotEquals(before, writerAt(a));
    }

    /** 1. A coordinates milk (w1). 2. Its directory is copied. 3. Both start and coordinate: as w2 the eggs and the jam would be one dot. */
    @Test
    void aDirectoryIsCopied() {
        a.put("milk");
        a.sync();
        b.startFromCopyOf(a);
        a.crashAndRestart();

        a.put("eggs");
        b.put("jam");

        assertNotEquals(writerAt(a), writerAt(b));
        assertEquals(List.of("eggs", "jam", "milk"), joined(a, b));
    }

    /** The copy of a directory whose node runs on: the copy's boot has the same number that the node's next one will have. */
    @Test
    void aDirectoryIsCopiedWhileItsNodeRunsOn() {
        a.put("milk");
        a.sync();
        b.startFromCopyOf(a);

        a.put("eggs");
        b.put("jam");

        assertEquals(List.of("eggs", "jam", "milk"), joined(a, b));
    }

    /** 1. A coordinates milk (w1), B has it. 2. A's directory is emptied. 3. A coordinates before it has pulled the key from B. */
    @Test
    void aNodeCoordinatesBeforeItPulled() {
        a.put("milk");
        b.receive(a);
        a.drop();

        a.put("eggs");

        assertEquals(List.of("eggs", "milk"), joined(a, b));
    }

    /** A client has seen w2, the record at hand w1 only: w2 is out somewhere, so w is not used any more. */
    @Test
    void aContextThatKnowsMoreOfAWriterThanTheRecordEndsTheWriter() {
        a.put("milk");
        WriterId before = writerAt(a);
        VersionVector seen = VersionVector.of(new Dot(before, 2));

        VersionedRecord after = a.put(content("id", "eggs", seen), seen);

        assertNotEquals(before, writerAt(a));
        assertEquals(List.of("eggs"), textsIn(after));
        assertEquals(seen.with(new Dot(writerAt(a), 1)), after.vector());
    }

    @Test
    void nothingIsCoveredThatNobodyOverwroteWhateverHappensToTheDirectories() {
        SeededProperty.forSeeds(400, random -> {
            var world = new World(random);
            for (int step = 0; step < 80; step++) {
                world.step();
            }
            world.assertWhatIsGoneWasOverwritten();
        });
    }

    /** Three replicas, clients with contexts of any age, and directories that are emptied, copied and cut off. */
    private static final class World {
        private final RandomGenerator random;
        private final List<Replica> replicas = new ArrayList<>();
        private final List<VersionVector> contexts = new ArrayList<>(List.of(NOTHING));
        private final Map<Dot, Content> issued = new HashMap<>();
        private final List<VersionVector> covered = new ArrayList<>();
        private int texts;

        World(RandomGenerator random) {
            this.random = random;
            for (int i = 0; i < 3; i++) {
                replicas.add(new Replica(random));
            }
        }

        private Replica pick() {
            return replicas.get(random.nextInt(replicas.size()));
        }

        private VersionVector context() {
            return contexts.get(random.nextInt(contexts.size()));
        }

        void step() {
            Replica replica = pick();
            switch (random.nextInt(14)) {
                case 0, 1, 2 -> put(replica, NOTHING);
                case 3, 4 -> put(replica, context());
                case 5 -> delete(replica, context());
                case 6, 7 -> contexts.add(replica.record().context());
                case 8 -> replica.sync();
                case 9 -> replica.crashAndRestart();
                case 10 -> replica.drop();
                case 11 -> copy(pick(), replica);
                default -> replica.receive(pick());
            }
        }

        private void put(Replica replica, VersionVector context) {
            Content content = content("request " + ++texts, "value", context);
            VersionVector before = replica.record().vector();
            VersionedRecord after = replica.put(content, context);
            covered.add(context);
            Dot dot = newDotIn(after, before, content);
            Content other = issued.put(dot, content);
            assertNull(other, () -> dot + " is issued twice");
        }

        private static Dot newDotIn(VersionedRecord after, VersionVector before, Content content) {
            @Nullable Dot found = null;
            for (Sibling sibling : after.siblings()) {
                if (sibling.content().equals(content)) {
                    assertEquals(1, sibling.dots().size());
                    found = sibling.dots().getFirst().dot();
                }
            }
            if (found == null || before.contains(found)) {
                throw new AssertionError(content + " got no dot of its own in " + after);
            }
            return found;
        }

        private void delete(Replica replica, VersionVector context) {
            replica.delete(context);
            covered.add(context);
        }

        private static void copy(Replica from, Replica to) {
            if (from != to) {
                to.startFromCopyOf(from);
            }
        }

        void assertWhatIsGoneWasOverwritten() {
            VersionedRecord all =
                    replicas.stream().map(Replica::record).reduce(VersionedRecord.EMPTY, VersionedRecord::join);
            Set<Dot> live = new HashSet<>();
            for (Sibling sibling : all.siblings()) {
                sibling.dots().stream().map(TimedDot::dot).forEach(live::add);
            }
            issued.keySet().stream()
                    .filter(dot -> all.vector().contains(dot) && !live.contains(dot))
                    .forEach(dot -> assertTrue(
                            covered.stream().anyMatch(context -> context.contains(dot)),
                            () -> dot + " is gone from " + all + " and nobody overwrote it"));
        }
    }
}
