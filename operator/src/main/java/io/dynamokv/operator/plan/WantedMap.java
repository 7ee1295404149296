package io.dynamokv.operator.plan;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.ring.Placement;
import io.dynamokv.operator.api.v1.DynamoClusterSpec;
import io.dynamokv.operator.desired.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What of the resource lives in the map (rule M5): quorums, durability, buckets. */
final class WantedMap {
    private WantedMap() {}

    static ClusterMap first(ClusterId id, Wanted wanted, List<PodView> pods) {
        var members = new ArrayList<Member>();
        for (PodView pod : pods) {
            NodeId node = pod.nodeId().orElseThrow(() -> new IllegalArgumentException(pod.name() + " has no node"));
            members.add(new Member(node, pod.name(), new Zone(pod.zone().orElseThrow())));
        }
        return Placement.firstMap(
                id, settings(wanted), buckets(wanted), members, wanted.ring().partitions());
    }

    private static ClusterMap.Settings settings(Wanted wanted) {
        var ring = wanted.ring();
        return new ClusterMap.Settings(
                ring.replicationFactor(),
                ring.readQuorum(),
                ring.writeQuorum(),
                Durability.valueOf(wanted.storage().durability().toUpperCase(Locale.ROOT)));
    }

    private static List<Bucket> buckets(Wanted wanted) {
        return wanted.buckets().stream().map(WantedMap::bucket).toList();
    }

    private static Bucket bucket(DynamoClusterSpec.Bucket declared) {
        var conflicts = declared.conflicts() == null
                ? Conflicts.SIBLINGS
                : Conflicts.valueOf(declared.conflicts().toUpperCase(Locale.ROOT));
        var quorums = declared.quorums();
        var limits = declared.limits();
        return new Bucket(
                declared.name(),
                conflicts,
                quorums == null
                        ? Bucket.Quorums.OF_THE_CLUSTER
                        : new Bucket.Quorums(optional(quorums.read()), optional(quorums.write())),
                limits == null
                        ? Bucket.Limits.OF_THE_NODES
                        : new Bucket.Limits(optional(limits.valueBytesMax()), optional(limits.siblingsMax())));
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /** The API server refuses a change; a resource that was made again over the data of an older one is new to it. */
    private static void requireFixed(String field, int wanted, int fixed) {
        if (wanted != fixed) {
            throw new IllegalArgumentException(field + " is " + wanted + ", and the store's data was written with "
                    + fixed + ": make the resource again with " + field + " " + fixed);
        }
    }

    /** The next map if the resource says something else than this one. A bucket that is declared no more stays as it was. */
    static Optional<ClusterMap> next(ClusterMap map, Wanted wanted) {
        requireFixed(
                "ring.partitions", wanted.ring().partitions(), map.partitions().size());
        requireFixed("replicas", wanted.replicas(), map.members().size());
        var buckets = new ArrayList<>(buckets(wanted));
        for (Bucket known : map.buckets()) {
            if (buckets.stream().noneMatch(bucket -> bucket.name().equals(known.name()))) {
                buckets.add(known);
            }
        }
        ClusterMap.Settings settings = settings(wanted);
        return settings.equals(map.settings()) && List.copyOf(buckets).equals(map.buckets())
                ? Optional.empty()
                : Optional.of(map.next(settings, buckets));
    }
}
