package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who owns what, at one epoch; immutable. It holds everything on which nodes must agree (rule M5), and a hash over its content and
 * its parent's hash, so that two maps of one epoch that differ are known as such (rule M1).
 */
public final class ClusterMap {
    public static final String NO_PARENT = "";

    static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    /** What stays the same for all partitions and members. */
    public record Settings(int replicationFactor, int readQuorum, int writeQuorum, Durability durability) {
        public static final Settings DEFAULT = new Settings(3, 2, 2, Durability.SYNC);

        public Settings {
            Objects.requireNonNull(durability, "durability");
            requireIn("replicationFactor", replicationFactor, 1, 16);
            requireIn("readQuorum", readQuorum, 1, replicationFactor);
            requireIn("writeQuorum", writeQuorum, 1, replicationFactor);
        }
    }

    /** A map's place in its chain: the first has epoch 1, term 1 and no parent. */
    public record Version(long term, Epoch epoch, String parentHash) {
        public static final Version FIRST = new Version(1, Epoch.FIRST, NO_PARENT);

        public Version {
            Objects.requireNonNull(epoch, "epoch");
            Objects.requireNonNull(parentHash, "parentHash");
            if (term < 1) {
                throw new IllegalArgumentException("term must be at least 1, was " + term);
            }
            boolean isFirst = epoch.equals(Epoch.FIRST);
            if (isFirst
                    ? !parentHash.equals(NO_PARENT)
                    : !HASH.matcher(parentHash).matches()) {
                throw new IllegalArgumentException("parentHash must be "
                        + (isFirst ? "empty" : "64 hexadecimal digits")
                        + " at epoch " + epoch + ", was '" + parentHash + "'");
            }
        }
    }

    private final ClusterId clusterId;
    private final Version version;
    private final Settings settings;
    private final List<Bucket> buckets;
    private final List<Member> members;
    private final List<Partition> partitions;
    private final Map<String, Bucket> bucketsByName;
    private final Map<NodeId, Member> membersById;
    private final String hash;

    public ClusterMap(
            ClusterId clusterId,
            Version version,
            Settings settings,
            List<Bucket> buckets,
            List<Member> members,
            List<Partition> partitions) {
        this.clusterId = Objects.requireNonNull(clusterId, "clusterId");
        this.version = Objects.requireNonNull(version, "version");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.buckets = List.copyOf(buckets);
        this.members = List.copyOf(members);
        this.partitions = List.copyOf(partitions);
        bucketsByName = new LinkedHashMap<>();
        for (Bucket bucket : buckets) {
            requireNew("bucket", bucket.name(), bucketsByName.put(bucket.name(), bucket) == null);
            checkQuorums(bucket);
        }
        membersById = new LinkedHashMap<>();
        for (Member member : members) {
            requireNew("member", member.id().toString(), membersById.put(member.id(), member) == null);
        }
        checkPartitions();
        hash = MapHash.of(this);
    }

    private void checkQuorums(Bucket bucket) {
        int factor = settings.replicationFactor();
        bucket.quorums().read().ifPresent(r -> requireIn("readQuorum of bucket " + bucket.name(), r, 1, factor));
        bucket.quorums().write().ifPresent(w -> requireIn("writeQuorum of bucket " + bucket.name(), w, 1, factor));
    }

    private void checkPartitions() {
        requireIn("partitions", partitions.size(), 1, 65_536);
        if (Integer.bitCount(partitions.size()) != 1) {
            throw new IllegalArgumentException("partitions must be a power of two, were " + partitions.size());
        }
        for (int i = 0; i < partitions.size(); i++) {
            Partition partition = partitions.get(i);
            if (partition.number() != i || partition.owners().size() != settings.replicationFactor()) {
                throw new IllegalArgumentException("partition " + i + " must have its number and "
                        + settings.replicationFactor() + " owners, was " + partition);
            }
            if (!membersById.keySet().containsAll(partition.owners())) {
                throw new IllegalArgumentException("partition " + i + " has an owner that is no member: " + partition);
            }
            if (partition.lastChanged().isAfter(version.epoch())) {
                throw new IllegalArgumentException("lastChanged of partition " + i + " must be at most the map's epoch "
                        + version.epoch() + ", was " + partition.lastChanged());
            }
        }
    }

    private static void requireIn(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " must be " + min + ".." + max + ", was " + value);
        }
    }

    private static void requireNew(String what, String name, boolean isNew) {
        if (!isNew) {
            throw new IllegalArgumentException(what + " " + name + " occurs twice");
        }
    }

    public ClusterId clusterId() {
        return clusterId;
    }

    public Version version() {
        return version;
    }

    public Epoch epoch() {
        return version.epoch();
    }

    public Settings settings() {
        return settings;
    }

    public List<Bucket> buckets() {
        return buckets;
    }

    public List<Member> members() {
        return members;
    }

    public List<Partition> partitions() {
        return partitions;
    }

    /** SHA-256 in hex over the content and the parent's hash. */
    public String hash() {
        return hash;
    }

    /** What was declared of the bucket, or the defaults. */
    public Bucket bucket(String name) {
        Bucket declared = bucketsByName.get(name);
        return declared != null ? declared : new Bucket(name, Conflicts.SIBLINGS);
    }

    /** Votes that a read of the bucket needs if it does not say. */
    public int readQuorum(Bucket bucket) {
        return bucket.quorums().read().orElse(settings.readQuorum());
    }

    /** Votes that a write to the bucket needs if it does not say. */
    public int writeQuorum(Bucket bucket) {
        return bucket.quorums().write().orElse(settings.writeQuorum());
    }

    public Optional<Member> member(NodeId id) {
        return Optional.ofNullable(membersById.get(id));
    }

    public Partition partitionOf(Token token) {
        return partitions.get(token.partition(partitions.size()));
    }

    /** Whether this is the map that follows the other one directly (rule M1). */
    public boolean isChildOf(ClusterMap parent) {
        return clusterId.equals(parent.clusterId)
                && version.epoch().equals(parent.epoch().next())
                && version.parentHash().equals(parent.hash)
                && version.term() >= parent.version.term();
    }

    /**
     * What stands against a successor, however far, with this content: what was fixed when the cluster was made, and how a bucket resolves
     * conflicts, never change (rule M5). A bucket that keeps siblings may be left undeclared, for that is what undeclared ones do.
     */
    public Optional<String> whyNotFollowedBy(ClusterMap later) {
        if (later.partitions.size() != partitions.size()) {
            return Optional.of("the number of partitions never changes: it is " + partitions.size() + ", the map has "
                    + later.partitions.size());
        }
        if (later.settings.replicationFactor() != settings.replicationFactor()) {
            return Optional.of("the replication factor never changes: it is " + settings.replicationFactor()
                    + ", the map has " + later.settings.replicationFactor());
        }
        return buckets.stream()
                .filter(bucket -> later.bucket(bucket.name()).conflicts() != bucket.conflicts())
                .findFirst()
                .map(bucket -> "the conflicts of bucket " + bucket.name() + " never change: they are "
                        + bucket.conflicts() + ", the map has "
                        + later.bucket(bucket.name()).conflicts());
    }

    /**
     * The direct child with other settings and buckets; the owners stay. To be made of a committed map only (rule M2).
     *
     * @throws IllegalArgumentException if it would change what never changes (rule M5)
     */
    public ClusterMap next(Settings newSettings, List<Bucket> newBuckets) {
        return child(version.term(), newSettings, newBuckets);
    }

    /**
     * The direct child of the next term with the same content: what an operator that lost its store makes of the highest map that any
     * node has, so that the nodes leave whatever else was under way (rule M3).
     */
    public ClusterMap nextTerm() {
        return child(Math.addExact(version.term(), 1), settings, buckets);
    }

    private ClusterMap child(long term, Settings newSettings, List<Bucket> newBuckets) {
        var child = new ClusterMap(
                clusterId,
                new Version(term, version.epoch().next(), hash),
                newSettings,
                newBuckets,
                members,
                partitions);
        whyNotFollowedBy(child).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        return child;
    }

    /**
     * The newest epoch that a member which has this map knows to be committed (rule M2); 0 for none. The next map is built only on a committed
     * one, so that is this one's parent; a cluster of one member commits by itself.
     */
    public long knownCommitted() {
        long number = version.epoch().number();
        return members.size() == 1 ? number : number - 1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClusterMap that && hash.equals(that.hash);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    @Override
    public String toString() {
        return "ClusterMap[" + clusterId + ", epoch " + epoch() + ", hash " + hash + "]";
    }
}
