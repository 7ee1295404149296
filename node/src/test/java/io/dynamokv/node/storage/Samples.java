package io.dynamokv.node.storage;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.ring.Placement;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.WriterMark;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.RequestDigest;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Small records and maps. */
final class Samples {
    static final WriterId WRITER = new WriterId(0x1122334455667788L);
    static final ClusterId CLUSTER = ClusterId.parse("0c000000-0000-4000-8000-000000000001");
    /** Small enough that a test of a few MiB flushes and compacts. */
    static final StorageSettings SMALL = new StorageSettings(1L << 20, 64L << 10, 3, 256L << 10, 16, 2);

    private Samples() {}

    static StoreKey key(int partition, String name) {
        return new StoreKey(partition, new Key("carts", name));
    }

    static StoredRecord stored(String value) {
        return new StoredRecord(record(value.getBytes(StandardCharsets.UTF_8)), null);
    }

    static VersionedRecord record(byte[] value) {
        var content = new Content(new RequestId(1, 2), new RequestDigest(3, 4), "text/plain", value);
        return VersionedRecord.EMPTY.update(
                VersionVector.EMPTY, new TimedDot(new Dot(WRITER, 1), new HybridTime(5)), content);
    }

    static VersionedRecord tombstone() {
        VersionedRecord record = record(new byte[] {'x'});
        return record.discard(record.context(), 1_700_000_000_000L);
    }

    static WriterMark mark(long bootNumber) {
        return new WriterMark(WRITER, new BootId(bootNumber, 0x0102030405060708L));
    }

    static String text(StoredRecord stored) {
        return new String(stored.record().siblings().getFirst().content().value(), StandardCharsets.UTF_8);
    }

    static ClusterMap firstMap(ClusterId cluster) {
        List<Member> members = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> new Member(new NodeId(new UUID(0x4000, i)), "node-" + i, Zone.DEFAULT))
                .toList();
        return Placement.firstMap(cluster, ClusterMap.Settings.DEFAULT, List.of(), members, 8);
    }

    static ClusterMap childOf(ClusterMap parent) {
        var version =
                new ClusterMap.Version(parent.version().term(), parent.epoch().next(), parent.hash());
        return new ClusterMap(
                parent.clusterId(),
                version,
                parent.settings(),
                parent.buckets(),
                parent.members(),
                parent.partitions());
    }
}
