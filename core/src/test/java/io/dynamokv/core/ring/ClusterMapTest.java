package io.dynamokv.core.ring;

import static io.dynamokv.core.ring.RingFixtures.CLUSTER;
import static io.dynamokv.core.ring.RingFixtures.SOME_HASH;
import static io.dynamokv.core.ring.RingFixtures.map;
import static io.dynamokv.core.ring.RingFixtures.member;
import static io.dynamokv.core.ring.RingFixtures.membersOfOneZone;
import static io.dynamokv.core.ring.RingFixtures.node;
import static io.dynamokv.core.ring.RingFixtures.nodes;
import static io.dynamokv.core.ring.RingFixtures.partitions;
import static io.dynamokv.core.ring.RingFixtures.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Zone;
import io.dynamokv.core.ring.ClusterMap.Settings;
import io.dynamokv.core.ring.ClusterMap.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Maps, their limits and their chain (rules M1 and M5). */
class ClusterMapTest {
    private static final List<Member> THREE = membersOfOneZone(3);
    private static final List<Partition> TWO_PARTITIONS = partitions(nodes(1, 2), nodes(2, 3));
    private static final OptionalInt NONE = OptionalInt.empty();
    private static final List<Bucket> NO_BUCKETS = List.of();

    private final ClusterMap map = map(THREE, nodes(1, 2), nodes(2, 3));

    private static ClusterMap with(List<Member> members, List<Partition> partitions) {
        return new ClusterMap(CLUSTER, Version.FIRST, settings(2), NO_BUCKETS, members, partitions);
    }

    private static ClusterMap at(Version version) {
        return new ClusterMap(CLUSTER, version, settings(2), NO_BUCKETS, THREE, TWO_PARTITIONS);
    }

    @Test
    void findsThePartitionOfATokenAndAMember() {
        assertEquals(map.partitions().get(1), map.partitionOf(new Token(-1)));
        assertEquals(map.partitions().get(0), map.partitionOf(new Token(1)));
        assertEquals(Optional.of(THREE.get(2)), map.member(node(3)));
        assertEquals(Optional.empty(), map.member(node(4)));
    }

    @Test
    void aBucketThatIsNotDeclaredHasTheDefaults() {
        var declared = new Bucket("carts", Conflicts.LATEST);
        var withBucket = new ClusterMap(CLUSTER, Version.FIRST, settings(2), List.of(declared), THREE, TWO_PARTITIONS);

        assertEquals(declared, withBucket.bucket("carts"));
        assertEquals(new Bucket("other", Conflicts.SIBLINGS), withBucket.bucket("other"));
    }

    private static Bucket carts(OptionalInt r, OptionalInt w, OptionalInt valueBytesMax, OptionalInt siblingsMax) {
        return new Bucket(
                "carts", Conflicts.SIBLINGS, new Bucket.Quorums(r, w), new Bucket.Limits(valueBytesMax, siblingsMax));
    }

    private static ClusterMap with(Bucket bucket) {
        return new ClusterMap(CLUSTER, Version.FIRST, settings(2), List.of(bucket), THREE, TWO_PARTITIONS);
    }

    @Test
    void aBucketsOwnQuorumsStandBeforeTheClusters() {
        Bucket carts = carts(OptionalInt.of(2), OptionalInt.of(1), NONE, NONE);
        ClusterMap own = with(carts);

        assertEquals(2, own.readQuorum(own.bucket("carts")));
        assertEquals(1, own.writeQuorum(own.bucket("carts")));
        assertEquals(1, own.readQuorum(own.bucket("other")));
        assertEquals(2, own.writeQuorum(own.bucket("other")));
        assertRefused(
                "readQuorum of bucket carts must be 1..2, was 3",
                () -> with(carts(OptionalInt.of(3), NONE, NONE, NONE)));
        assertRefused(
                "writeQuorum of bucket carts must be 1..2, was 3",
                () -> with(carts(NONE, OptionalInt.of(3), NONE, NONE)));
    }

    @Test
    void aBucketsLimitsLowerThoseOfTheNodesAndNeverRaiseThem() {
        Bucket carts = carts(NONE, NONE, OptionalInt.of(1000), OptionalInt.of(5));

        assertEquals(1000, carts.valueBytesMax(4000));
        assertEquals(400, carts.valueBytesMax(400));
        assertEquals(5, carts.siblingsMax(100));
        assertEquals(2, carts.siblingsMax(2));
        assertEquals(4000, new Bucket("carts", Conflicts.SIBLINGS).valueBytesMax(4000));
        assertRefused(
                "valueBytesMax of a bucket must be at least 1, was 0",
                () -> carts(NONE, NONE, OptionalInt.of(0), NONE));
        assertRefused(
                "siblingsMax of a bucket must be at least 1, was 0", () -> carts(NONE, NONE, NONE, OptionalInt.of(0)));
    }

    @Test
    void everyLimitIsNamedWithItsField() {
        assertRefused("replicationFactor must be 1..16, was 0", () -> new Settings(0, 1, 1, Durability.SYNC));
        assertRefused("replicationFactor must be 1..16, was 17", () -> new Settings(17, 1, 1, Durability.SYNC));
        assertRefused("readQuorum must be 1..3, was 4", () -> new Settings(3, 4, 1, Durability.SYNC));
        assertRefused("readQuorum must be 1..3, was 0", () -> new Settings(3, 0, 1, Durability.SYNC));
        assertRefused("writeQuorum must be 1..3, was 4", () -> new Settings(3, 1, 4, Durability.SYNC));
        assertRefused("term must be at least 1, was 0", () -> new Version(0, Epoch.FIRST, ""));
        assertRefused("epoch is at least 1, was 0", () -> new Epoch(0));
        assertRefused("partitions must be 1..65536, was 0", () -> with(THREE, List.of()));
        assertRefused(
                "partitions must be a power of two, were 3",
                () -> with(THREE, partitions(nodes(1, 2), nodes(1, 2), nodes(1, 2))));
        assertRefused("name must match [a-z0-9]", () -> new Bucket("Carts", Conflicts.SIBLINGS));
        assertRefused("name has 1..63 characters, was ' '", () -> new Zone(" "));
        assertRefused("name has 1..63 characters", () -> new Zone("z".repeat(64)));
    }

    @Test
    void everyPartitionHasItsNumberAndNDistinctOwnersThatAreMembers() {
        assertRefused(
                "partition 1 must have its number and 2 owners",
                () -> with(THREE, partitions(nodes(1, 2), nodes(1, 2, 3))));
        assertRefused(
                "partition 0 must have its number and 2 owners",
                () -> with(THREE, List.of(TWO_PARTITIONS.get(1), TWO_PARTITIONS.get(0))));
        assertRefused(
                "partition 1 has an owner that is no member", () -> with(THREE, partitions(nodes(1, 2), nodes(1, 4))));
        assertRefused("partition 0 has an owner twice", () -> partitions(nodes(1, 1)));
    }

    @Test
    void nothingIsDeclaredTwice() {
        assertRefused(
                "member " + node(1) + " occurs twice",
                () -> with(List.of(member(1, "a"), member(2, "a"), member(1, "b")), TWO_PARTITIONS));
        var carts = new Bucket("carts", Conflicts.SIBLINGS);
        assertRefused(
                "bucket carts occurs twice",
                () -> new ClusterMap(
                        CLUSTER, Version.FIRST, settings(2), List.of(carts, carts), THREE, TWO_PARTITIONS));
    }

    @Test
    void noPartitionChangedAfterItsMap() {
        var partition = new Partition(0, new Epoch(2), nodes(1, 2));

        assertRefused(
                "lastChanged of partition 0 must be at most the map's epoch 1, was 2",
                () -> with(THREE, List.of(partition)));
    }

    /** The first map alone has no parent (rule M4); every other one names its parent's hash (rule M1). */
    @Test
    void onlyTheFirstMapHasNoParent() {
        assertRefused(
                "parentHash must be empty at epoch 1, was '" + SOME_HASH, () -> new Version(1, Epoch.FIRST, SOME_HASH));
        assertRefused(
                "parentHash must be 64 hexadecimal digits at epoch 2, was ''", () -> new Version(1, new Epoch(2), ""));
        assertRefused("parentHash must be 64 hexadecimal digits", () -> new Version(1, new Epoch(2), "a"));
    }

    /** Regression: such names went into the hash and broke it, as if writing into an array had failed. */
    @Test
    void aMembersNameHasALimit() {
        assertRefused(
                "name has 1..253 characters, was of 254", () -> new Member(node(1), "n".repeat(254), Zone.DEFAULT));
        assertRefused("name has 1..253 characters, was of 0", () -> new Member(node(1), "", Zone.DEFAULT));
        assertRefused("name has 1..253 characters", () -> new Member(node(1), "n".repeat(70_000), Zone.DEFAULT));
    }

    /** Nodes of two releases compute it on their own (rule M1), so it stands here as it was first released. */
    @Test
    void theHashOfAMapNeverChanges() {
        var fixed = new ClusterMap(
                CLUSTER,
                Version.FIRST,
                new Settings(2, 1, 2, Durability.SYNC),
                List.of(new Bucket("carts", Conflicts.LATEST)),
                membersOfOneZone(2),
                partitions(nodes(1, 2), nodes(2, 1)));

        assertEquals("6d95626274d75a97fd969fa8df1811ce2810ab1a7e91bf3a132a53fe4536a40d", fixed.hash());
    }

    /** 1. An operator counts up again from a restored store. 2. It makes another map of the same epoch: the hash tells them apart. */
    @Test
    void theHashChangesWithEveryField() {
        var second = new Version(1, new Epoch(2), SOME_HASH);
        var carts = new Bucket("carts", Conflicts.SIBLINGS);
        List<ClusterMap> maps = new ArrayList<>(List.of(
                map,
                at(second),
                at(new Version(2, Epoch.FIRST, "")),
                at(new Version(2, new Epoch(2), SOME_HASH)),
                at(new Version(1, new Epoch(3), SOME_HASH)),
                at(new Version(1, new Epoch(2), "f" + SOME_HASH.substring(1))),
                new ClusterMap(
                        new ClusterId(new UUID(99, 98)),
                        Version.FIRST,
                        settings(2),
                        NO_BUCKETS,
                        THREE,
                        TWO_PARTITIONS)));
        for (Settings settings : List.of(
                new Settings(2, 2, 2, Durability.SYNC),
                new Settings(2, 1, 1, Durability.SYNC),
                new Settings(2, 1, 2, Durability.BUFFERED))) {
            maps.add(new ClusterMap(CLUSTER, Version.FIRST, settings, NO_BUCKETS, THREE, TWO_PARTITIONS));
        }
        for (Bucket bucket : List.of(
                carts,
                new Bucket("carts", Conflicts.LATEST),
                new Bucket("cart", Conflicts.LATEST),
                carts(OptionalInt.of(1), NONE, NONE, NONE),
                carts(OptionalInt.of(2), NONE, NONE, NONE),
                carts(NONE, OptionalInt.of(1), NONE, NONE),
                carts(NONE, NONE, OptionalInt.of(1), NONE),
                carts(NONE, NONE, NONE, OptionalInt.of(1)))) {
            maps.add(new ClusterMap(CLUSTER, Version.FIRST, settings(2), List.of(bucket), THREE, TWO_PARTITIONS));
        }
        for (Member third : List.of(
                member(4, "default"),
                member(3, "b"),
                new Member(node(3), "other", THREE.get(2).zone()))) {
            maps.add(with(List.of(THREE.get(0), THREE.get(1), third), partitions(nodes(1, 2), nodes(2, 1))));
        }
        maps.add(with(THREE, partitions(nodes(1, 2), nodes(2, 1))));
        maps.add(with(THREE, partitions(nodes(2, 1), nodes(2, 3))));
        maps.add(with(THREE, partitions(nodes(1, 2))));
        maps.add(with(membersOfOneZone(4), TWO_PARTITIONS));
        maps.add(new ClusterMap(
                CLUSTER,
                second,
                settings(2),
                NO_BUCKETS,
                THREE,
                List.of(new Partition(0, new Epoch(2), nodes(1, 2)), TWO_PARTITIONS.get(1))));

        var hashes = new HashSet<String>();
        maps.forEach(each -> hashes.add(each.hash()));
        assertEquals(maps.size(), hashes.size());
        assertEquals(maps.size(), new HashSet<>(maps).size());
    }

    @Test
    void mapsOfEqualContentAreEqual() {
        ClusterMap same = map(membersOfOneZone(3), nodes(1, 2), nodes(2, 3));

        assertEquals(map, same);
        assertEquals(map.hashCode(), same.hashCode());
        assertNotEquals(map, at(new Version(2, Epoch.FIRST, "")));
    }

    @Test
    void aChildNamesItsParentsHashAndTheNextEpoch() {
        assertTrue(at(new Version(1, new Epoch(2), map.hash())).isChildOf(map));
        assertTrue(at(new Version(7, new Epoch(2), map.hash())).isChildOf(map), "the term may rise (rule M3)");
        assertFalse(map.isChildOf(map));
        assertFalse(at(new Version(1, new Epoch(3), map.hash())).isChildOf(map), "an epoch is left out");
        assertFalse(at(new Version(1, new Epoch(2), SOME_HASH)).isChildOf(map), "another parent");
    }

    @Test
    void noChildHasALowerTermOrAnotherCluster() {
        ClusterMap parent = at(new Version(2, Epoch.FIRST, ""));
        var other = new ClusterMap(
                new ClusterId(new UUID(1, 1)),
                new Version(1, new Epoch(2), map.hash()),
                settings(2),
                NO_BUCKETS,
                THREE,
                TWO_PARTITIONS);

        assertFalse(at(new Version(1, new Epoch(2), parent.hash())).isChildOf(parent));
        assertFalse(other.isChildOf(map));
    }

    @Test
    void doesNotChangeWithTheListsThatItWasMadeFrom() {
        var members = new ArrayList<>(THREE);
        ClusterMap made = with(members, TWO_PARTITIONS);

        members.clear();

        assertEquals(THREE, made.members());
    }

    private static void assertRefused(String part, Executable action) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, action);
        assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
    }
}
