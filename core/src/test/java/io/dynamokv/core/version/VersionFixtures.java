package io.dynamokv.core.version;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** Short words for the tests: {@code dot("a", 1)}, {@code content("milk")}, {@code written("milk", dot("a", 1))}. */
final class VersionFixtures {
    private VersionFixtures() {}

    /** The writer that is called so; the letters' order is the writers' order. */
    static WriterId writer(String name) {
        long bits = 0;
        for (byte letter : name.getBytes(StandardCharsets.US_ASCII)) {
            bits = bits << 8 | letter;
        }
        return new WriterId(bits);
    }

    static Dot dot(String writer, long counter) {
        return new Dot(writer(writer), counter);
    }

    static TimedDot timed(String writer, long counter) {
        return timed(dot(writer, counter));
    }

    /** A dot has one time, whoever tells of it. */
    static TimedDot timed(Dot dot) {
        return new TimedDot(dot, HybridTime.ofMillis(1_000_000 + dot.counter() % 1_000));
    }

    static VersionVector vector(Dot... dots) {
        return VersionVector.of(dots);
    }

    /** What a request that is called so wrote; the same name is the same request. */
    static Content content(String name) {
        byte[] value = name.getBytes(StandardCharsets.UTF_8);
        var digest = RequestDigest.of(value, "text/plain", VersionVector.EMPTY);
        return new Content(RequestId.of(name), digest, "text/plain", value);
    }

    /** The named request in a record that has seen nothing else. */
    static VersionedRecord written(String name, Dot... dots) {
        return record(vector(dots), sibling(name, dots));
    }

    static VersionedRecord tombstone(Dot... dots) {
        return record(vector(dots));
    }

    static VersionedRecord record(VersionVector vector, Sibling... siblings) {
        return VersionedRecord.of(vector, List.of(siblings), 0, List.of());
    }

    static Sibling sibling(String name, Dot... dots) {
        List<TimedDot> timed = List.of(dots).stream()
                .sorted(Comparator.naturalOrder())
                .map(VersionFixtures::timed)
                .toList();
        return new Sibling(timed, content(name));
    }

    /** The values that a reader of the record sees, in the order of their texts. */
    static List<String> textsIn(VersionedRecord record) {
        return record.siblings().stream()
                .map(sibling -> new String(sibling.content().value(), StandardCharsets.UTF_8))
                .sorted()
                .toList();
    }

    static <T> T pick(RandomGenerator random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
