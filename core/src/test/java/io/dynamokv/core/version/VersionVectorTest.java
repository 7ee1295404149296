package io.dynamokv.core.version;

import static io.dynamokv.core.version.VersionFixtures.dot;
import static io.dynamokv.core.version.VersionFixtures.pick;
import static io.dynamokv.core.version.VersionFixtures.vector;
import static io.dynamokv.core.version.VersionFixtures.writer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class VersionVectorTest {
    /** Few writers, so that they meet; the ends of the signed and of the unsigned order among them. */
    private static final List<WriterId> WRITERS = List.of(
            new WriterId(0),
            new WriterId(1),
            new WriterId(77),
            new WriterId(Long.MAX_VALUE),
            new WriterId(Long.MIN_VALUE),
            new WriterId(-1));

    @Test
    void saysTheSameAsAMapOfCounters() {
        SeededProperty.forSeeds(2_000, random -> {
            Map<WriterId, Long> model = counters(random);
            VersionVector vector = vectorOf(model);
            Map<WriterId, Long> otherModel = counters(random);
            VersionVector other = vectorOf(otherModel);

            assertSameAs(model, vector);
            assertEquals(descends(model, otherModel), vector.descends(other), () -> vector + " and " + other);
            assertEquals(model.equals(otherModel), vector.equals(other));
            Map<WriterId, Long> both = new HashMap<>(model);
            otherModel.forEach((writer, counter) -> both.merge(writer, counter, Math::max));
            assertSameAs(both, vector.join(other));
        });
    }

    @Test
    void joinIsCommutativeAssociativeAndIdempotent() {
        SeededProperty.forSeeds(2_000, random -> {
            VersionVector a = vectorOf(counters(random));
            VersionVector b = vectorOf(counters(random));
            VersionVector c = vectorOf(counters(random));

            assertEquals(a.join(b), b.join(a));
            assertEquals(a.join(b).hashCode(), b.join(a).hashCode());
            assertEquals(a.join(b).join(c), a.join(b.join(c)));
            assertSame(a, a.join(a));
            assertTrue(a.join(b).descends(a) && a.join(b).descends(b));
        });
    }

    @Test
    void aVectorThatIsAboveTheOtherIsTheJoinItself() {
        VersionVector low = vector(dot("a", 1));
        VersionVector high = vector(dot("a", 2), dot("b", 1));

        assertSame(high, high.join(low));
        assertSame(high, low.join(high));
    }

    @Test
    void withADotHasAllDotsBeforeItToo() {
        VersionVector vector = VersionVector.EMPTY.with(dot("a", 3));

        assertTrue(vector.contains(dot("a", 1)));
        assertTrue(vector.contains(dot("a", 3)));
        assertFalse(vector.contains(dot("a", 4)));
        assertSame(vector, vector.with(dot("a", 2)));
    }

    @Test
    void twoVectorsThatBothSawSomethingDescendFromNeither() {
        VersionVector a = vector(dot("a", 2), dot("b", 1));
        VersionVector b = vector(dot("a", 1), dot("b", 2));

        assertFalse(a.descends(b));
        assertFalse(b.descends(a));
        assertNotEquals(a, b);
    }

    @Test
    void theEmptyVectorIsBelowAllAndSawNothing() {
        assertTrue(VersionVector.EMPTY.isEmpty());
        assertTrue(VersionVector.EMPTY.descends(VersionVector.EMPTY));
        assertTrue(vector(dot("a", 1)).descends(VersionVector.EMPTY));
        assertFalse(VersionVector.EMPTY.descends(vector(dot("a", 1))));
        assertEquals(0, VersionVector.EMPTY.counter(writer("a")));
    }

    @Test
    void refusesEntriesOutOfOrderTwiceOrBelowOne() {
        assertThrows(
                IllegalArgumentException.class, () -> VersionVector.ofSorted(new long[] {2, 1}, new long[] {1, 1}));
        assertThrows(
                IllegalArgumentException.class, () -> VersionVector.ofSorted(new long[] {1, 1}, new long[] {1, 1}));
        assertThrows(
                IllegalArgumentException.class, () -> VersionVector.ofSorted(new long[] {-1, 1}, new long[] {1, 1}));
        assertThrows(IllegalArgumentException.class, () -> VersionVector.ofSorted(new long[] {1}, new long[] {0}));
        assertThrows(IllegalArgumentException.class, () -> new Dot(writer("a"), 0));
    }

    @Test
    void doesNotChangeWithTheArraysThatItWasMadeFrom() {
        long[] writers = {1};
        long[] counters = {1};
        VersionVector vector = VersionVector.ofSorted(writers, counters);

        counters[0] = 9;

        assertEquals(1, vector.counter(new WriterId(1)));
    }

    private static Map<WriterId, Long> counters(RandomGenerator random) {
        Map<WriterId, Long> counters = new HashMap<>();
        int entries = random.nextInt(WRITERS.size() + 1);
        for (int i = 0; i < entries; i++) {
            counters.put(pick(random, WRITERS), random.nextLong(1, 4));
        }
        return counters;
    }

    private static VersionVector vectorOf(Map<WriterId, Long> counters) {
        return VersionVector.of(counters.entrySet().stream()
                .map(entry -> new Dot(entry.getKey(), entry.getValue()))
                .toArray(Dot[]::new));
    }

    private static void assertSameAs(Map<WriterId, Long> model, VersionVector vector) {
        assertEquals(model.size(), vector.size());
        assertEquals(model.isEmpty(), vector.isEmpty());
        for (WriterId writer : WRITERS) {
            long counter = model.getOrDefault(writer, 0L);
            assertEquals(counter, vector.counter(writer));
            for (long c = 1; c < 6; c++) {
                assertEquals(c <= counter, vector.contains(new Dot(writer, c)));
            }
        }
        var order = new ArrayList<WriterId>();
        vector.forEach((writer, counter) -> {
            order.add(writer);
            assertEquals(model.get(writer), counter);
        });
        assertEquals(model.keySet().stream().sorted().toList(), order);
    }

    private static boolean descends(Map<WriterId, Long> above, Map<WriterId, Long> below) {
        return below.entrySet().stream().allMatch(entry -> above.getOrDefault(entry.getKey(), 0L) >= entry.getValue());
    }
}
