package io.dynamokv.core.ring;

import static io.dynamokv.core.ring.RingFixtures.CLUSTER;
import static io.dynamokv.core.ring.RingFixtures.SOME_HASH;
import static io.dynamokv.core.ring.RingFixtures.nodes;
import static io.dynamokv.core.ring.RingFixtures.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.ring.MapDocument.BucketDocument;
import io.dynamokv.core.ring.MapDocument.MemberDocument;
import io.dynamokv.core.ring.MapDocument.PartitionDocument;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The text form of maps (rules M1 and M5). Null stands for what a JSON document leaves out. */
class MapDocumentTest {
    private final ClusterMap map = new ClusterMap(
            CLUSTER,
            new ClusterMap.Version(3, new Epoch(4), SOME_HASH),
            new ClusterMap.Settings(2, 1, 2, Durability.BUFFERED),
            List.of(new Bucket("carts", Conflicts.LATEST)),
            RingFixtures.members("a", "b", "c"),
            List.of(new Partition(0, new Epoch(4), nodes(1, 3)), new Partition(1, Epoch.FIRST, nodes(2, 1))));
    private final MapDocument document = MapDocument.of(map);

    @Test
    void saysWhatTheMapSays() {
        assertEquals(1, document.format());
        assertEquals("buffered", document.durability());
        assertEquals(List.of(new BucketDocument("carts", "latest", null, null, null, null)), document.buckets());
        assertEquals(
                new MemberDocument("00000000-0000-0003-0000-000000000003", "node-3", "c"),
                document.members().get(2));
        assertEquals(
                new PartitionDocument(4, List.of(0, 2)), document.partitions().get(0));
        assertEquals(map.hash(), document.hash());
    }

    @Test
    void aMapComesBackFromItsDocument() {
        assertEquals(map, document.toMap());
        assertEquals(document, MapDocument.of(document.toMap()));
    }

    /** Format 2. A map without such buckets keeps format 1, and its hash (see ClusterMapTest). */
    @Test
    void aBucketsQuorumsAndLimitsComeBack() {
        var bucket = new Bucket(
                "carts",
                Conflicts.SIBLINGS,
                new Bucket.Quorums(OptionalInt.of(2), OptionalInt.of(1)),
                new Bucket.Limits(OptionalInt.empty(), OptionalInt.of(7)));
        var own = new ClusterMap(
                CLUSTER, map.version(), map.settings(), List.of(bucket), map.members(), map.partitions());

        MapDocument written = MapDocument.of(own);

        assertEquals(2, written.format());
        assertEquals(List.of(new BucketDocument("carts", "siblings", 2, 1, null, 7)), written.buckets());
        assertEquals(own, written.toMap());
        assertEquals(List.of(bucket), written.toMap().buckets());
    }

    @Test
    void everyMapComesBackFromItsDocument() {
        SeededProperty.forSeeds(30, random -> {
            List<Member> members = RingFixtures.randomMembers(random, random.nextInt(3, 12));
            ClusterMap first = Placement.firstMap(
                    CLUSTER, settings(random.nextInt(1, 4)), List.of(), members, 1 << random.nextInt(8));

            assertEquals(first, MapDocument.of(first).toMap());
        });
    }

    @Test
    void anotherHashIsRefused() {
        assertRefused(
                "map: hash must be " + map.hash(), () -> with("hash", SOME_HASH).toMap());
        assertRefused("map: hash must be", () -> with("term", 4L).toMap());
        assertRefused("map: hash must be", () -> with("durability", "sync").toMap());
        assertRefused("map: hash must be", () -> with("hash", null).toMap());
    }

    @Test
    void aMissingFieldIsNamed() {
        for (String field : List.of("clusterId", "parentHash", "buckets", "members", "partitions")) {
            assertRefused(
                    "map: " + field + " is missing", () -> with(field, null).toMap());
        }
        assertRefused("map: durability", () -> with("durability", null).toMap());
        assertRefused(
                "map: format must be 1 for its buckets, was 2",
                () -> with("format", 2).toMap());
        assertRefused("map: format must be 1..2, was 3", () -> with("format", 3).toMap());
        assertRefused("map: format must be 1..2, was 0", () -> with("format", 0).toMap());
    }

    @Test
    void aMissingFieldOfAPartIsNamed() {
        String id = document.members().getFirst().nodeId();
        assertRefused("map: buckets.name is missing", () -> withBucket(null, "latest"));
        assertRefused("map: buckets.conflicts", () -> withBucket("carts", null));
        assertRefused("map: members.nodeId is missing", () -> withMember(null, "n", "z"));
        assertRefused("map: members.name is missing", () -> withMember(id, null, "z"));
        assertRefused("map: members.zone is missing", () -> withMember(id, "n", null));
        assertRefused("map: partitions.owners is missing", () -> withOwners(null));
    }

    /** Regression: a null in a list became a NullPointerException, which is no answer to who sent the map. */
    @Test
    void aNullInAListIsNamed() {
        List<@Nullable Object> nothing = Collections.singletonList(null);
        assertRefused(
                "map: buckets has an empty entry",
                () -> with("buckets", nothing).toMap());
        assertRefused(
                "map: members has an empty entry",
                () -> with("members", nothing).toMap());
        assertRefused(
                "map: partitions has an empty entry",
                () -> with("partitions", nothing).toMap());
        assertRefused("map: partitions.owners has an empty entry", () -> withOwners(Arrays.asList(0, null)));
    }

    /** Regression: what the JDK says of a text that is no UUID names no field. */
    @Test
    void anIdThatIsNoUuidIsNamed() {
        assertRefused(
                "map: clusterId must be a UUID, was 'x'",
                () -> with("clusterId", "x").toMap());
        assertRefused("map: members.nodeId must be a UUID, was 'y'", () -> withMember("y", "n", "z"));
    }

    @Test
    void anUnknownMemberOrWordIsRefused() {
        assertRefused("map: partition 0 names member 3 of 3", () -> withOwners(List.of(0, 3)));
        assertRefused("map: partition 0 names member -1 of 3", () -> withOwners(List.of(-1, 0)));
        assertRefused("map: buckets.conflicts 'LATEST' is not known", () -> withBucket("carts", "LATEST"));
        assertRefused(
                "map: durability 'fsync' is not known",
                () -> with("durability", "fsync").toMap());
    }

    @Test
    void whatTheMapRefusesItsDocumentRefuses() {
        assertRefused("partition 0 has an owner twice", () -> withOwners(List.of(1, 1)));
        assertRefused("partition 0 must have its number and 2 owners", () -> withOwners(List.of(1)));
        assertRefused(
                "readQuorum must be 1..2, was 9", () -> with("readQuorum", 9).toMap());
        assertRefused("epoch is at least 1, was 0", () -> with("epoch", 0L).toMap());
        assertRefused("term must be at least 1", () -> with("term", 0L).toMap());
    }

    private void withBucket(@Nullable String name, @Nullable String conflicts) {
        with("buckets", List.of(make(BucketDocument.class, name, conflicts, null, null, null, null)))
                .toMap();
    }

    private void withMember(@Nullable String id, @Nullable String name, @Nullable String zone) {
        var members = new ArrayList<>(document.members());
        members.set(0, make(MemberDocument.class, id, name, zone));
        with("members", members).toMap();
    }

    private void withOwners(@Nullable List<@Nullable Integer> owners) {
        var partitions = new ArrayList<>(document.partitions());
        partitions.set(0, make(PartitionDocument.class, 4L, owners));
        with("partitions", partitions).toMap();
    }

    /** The document with one field changed. */
    private MapDocument with(String field, @Nullable Object value) {
        RecordComponent[] components = MapDocument.class.getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = components[i].getName().equals(field) ? value : valueOf(components[i]);
        }
        return make(MapDocument.class, values);
    }

    private Object valueOf(RecordComponent component) {
        try {
            return component.getAccessor().invoke(document);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** As a JSON library makes it: by the constructor, with null for what is missing. */
    private static <T> T make(Class<T> type, @Nullable Object... values) {
        try {
            return type.cast(type.getDeclaredConstructors()[0].newInstance(values));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static void assertRefused(String part, Executable action) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, action);
        assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
    }
}
