package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A map as people and other programs read it: plain text, numbers and lists that any JSON library writes and reads. Owners are
 * positions in the list of members, which keeps a map of thousands of slots small.
 *
 * @param hash the map's hash, checked when the document is read
 */
public record MapDocument(
        int format,
        String clusterId,
        long term,
        long epoch,
        String parentHash,
        String hash,
        int replicationFactor,
        int readQuorum,
        int writeQuorum,
        String durability,
        List<BucketDocument> buckets,
        List<MemberDocument> members,
        List<PartitionDocument> partitions) {
    /** The newest that this release reads. It writes the oldest one that can say what the map holds. */
    public static final int FORMAT_MAX = 2;

    /** The numbers are those of {@link Bucket}, absent where the bucket has none of its own. */
    public record BucketDocument(
            String name,
            String conflicts,
            @Nullable Integer readQuorum,
            @Nullable Integer writeQuorum,
            @Nullable Integer valueBytesMax,
            @Nullable Integer siblingsMax) {
        static BucketDocument of(Bucket bucket) {
            return new BucketDocument(
                    bucket.name(),
                    lower(bucket.conflicts()),
                    boxed(bucket.quorums().read()),
                    boxed(bucket.quorums().write()),
                    boxed(bucket.limits().valueBytesMax()),
                    boxed(bucket.limits().siblingsMax()));
        }

        Bucket toBucket() {
            return new Bucket(
                    present("buckets.name", name),
                    parse(Conflicts.class, "buckets.conflicts", conflicts),
                    new Bucket.Quorums(optional(readQuorum), optional(writeQuorum)),
                    new Bucket.Limits(optional(valueBytesMax), optional(siblingsMax)));
        }

        private static @Nullable Integer boxed(OptionalInt value) {
            return value.isPresent() ? Integer.valueOf(value.getAsInt()) : null;
        }

        private static OptionalInt optional(@Nullable Integer value) {
            return value == null ? OptionalInt.empty() : OptionalInt.of(value);
        }
    }

    public record MemberDocument(String nodeId, String name, String zone) {}

    /**
     * @param lastChanged the epoch of the partition's last change
     * @param owners positions in {@link MapDocument#members}, in slot order
     */
    public record PartitionDocument(long lastChanged, List<Integer> owners) {
        private Partition toPartition(int number, List<Member> members) {
            var ownerIds = new ArrayList<NodeId>();
            for (int position : allPresent("partitions.owners", owners)) {
                if (position < 0 || position >= members.size()) {
                    throw new IllegalArgumentException(
                            "map: partition " + number + " names member " + position + " of " + members.size());
                }
                ownerIds.add(members.get(position).id());
            }
            return new Partition(number, new Epoch(lastChanged), ownerIds);
        }
    }

    public static MapDocument of(ClusterMap map) {
        Map<NodeId, Integer> positions = new LinkedHashMap<>();
        var members = new ArrayList<MemberDocument>();
        for (Member member : map.members()) {
            positions.put(member.id(), members.size());
            members.add(new MemberDocument(
                    member.id().toString(), member.name(), member.zone().name()));
        }
        List<PartitionDocument> partitions = map.partitions().stream()
                .map(partition -> new PartitionDocument(
                        partition.lastChanged().number(),
                        partition.owners().stream().map(positions::get).toList()))
                .toList();
        List<BucketDocument> buckets =
                map.buckets().stream().map(BucketDocument::of).toList();
        ClusterMap.Settings settings = map.settings();
        return new MapDocument(
                MapHash.formatOf(map),
                map.clusterId().toString(),
                map.version().term(),
                map.epoch().number(),
                map.version().parentHash(),
                map.hash(),
                settings.replicationFactor(),
                settings.readQuorum(),
                settings.writeQuorum(),
                lower(settings.durability()),
                buckets,
                members,
                partitions);
    }

    /** @throws IllegalArgumentException if the document is no valid map; the message names the field */
    public ClusterMap toMap() {
        if (format < 1 || format > FORMAT_MAX) {
            throw new IllegalArgumentException("map: format must be 1.." + FORMAT_MAX + ", was " + format);
        }
        List<Member> memberList = allPresent("members", members).stream()
                .map(member -> new Member(
                        parse(NodeId::parse, "members.nodeId", member.nodeId()),
                        present("members.name", member.name()),
                        new Zone(present("members.zone", member.zone()))))
                .toList();
        List<PartitionDocument> documents = allPresent("partitions", partitions);
        var partitionList = new ArrayList<Partition>(documents.size());
        for (PartitionDocument document : documents) {
            partitionList.add(document.toPartition(partitionList.size(), memberList));
        }
        List<Bucket> bucketList = allPresent("buckets", buckets).stream()
                .map(BucketDocument::toBucket)
                .toList();
        var version = new ClusterMap.Version(term, new Epoch(epoch), present("parentHash", parentHash));
        var settings = new ClusterMap.Settings(
                replicationFactor, readQuorum, writeQuorum, parse(Durability.class, "durability", durability));
        var map = new ClusterMap(
                parse(ClusterId::parse, "clusterId", clusterId),
                version,
                settings,
                bucketList,
                memberList,
                partitionList);
        if (format != MapHash.formatOf(map)) {
            throw new IllegalArgumentException(
                    "map: format must be " + MapHash.formatOf(map) + " for its buckets, was " + format);
        }
        if (!map.hash().equals(hash)) {
            throw new IllegalArgumentException("map: hash must be " + map.hash() + " for its content, was " + hash);
        }
        return map;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static <T extends Enum<T>> T parse(Class<T> type, String field, String text) {
        for (T value : type.getEnumConstants()) {
            if (lower(value).equals(text)) {
                return value;
            }
        }
        throw new IllegalArgumentException("map: " + field + " '" + text + "' is not known");
    }

    private static <T> T parse(Function<String, T> idOf, String field, String text) {
        present(field, text);
        try {
            return idOf.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("map: " + field + " must be a UUID, was '" + text + "'", e);
        }
    }

    private static <T> List<T> allPresent(String field, List<T> list) {
        for (T entry : present(field, list)) {
            if (entry == null) {
                throw new IllegalArgumentException("map: " + field + " has an empty entry");
            }
        }
        return list;
    }

    /** JSON libraries leave absent fields null, whatever the types say. */
    private static <T> T present(String field, T value) {
        if (value == null) {
            throw new IllegalArgumentException("map: " + field + " is missing");
        }
        return value;
    }
}
