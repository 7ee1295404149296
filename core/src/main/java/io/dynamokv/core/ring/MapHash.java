package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.NodeId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalInt;

/** The hash that tells maps apart (rule M1): SHA-256 over one canonical byte form of everything in the map. */
final class MapHash {
    private static final int BUCKETS_OF_THEIR_OWN = 2;
    /** No value that is there is below 1. */
    private static final int NONE = 0;

    private MapHash() {}

    static String of(ClusterMap map) {
        try {
            var bytes = new ByteArrayOutputStream();
            write(map, new DataOutputStream(bytes));
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException("an array can always be written", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Format 2 has buckets with quorums and limits of their own. A map without any keeps format 1, and so its hash. */
    static int formatOf(ClusterMap map) {
        return map.buckets().stream().allMatch(Bucket::isPlain) ? 1 : BUCKETS_OF_THEIR_OWN;
    }

    private static void write(OptionalInt value, DataOutputStream to) throws IOException {
        to.writeInt(value.orElse(NONE));
    }

    private static void write(ClusterMap map, DataOutputStream to) throws IOException {
        int format = formatOf(map);
        to.writeByte(format);
        to.writeUTF(map.clusterId().toString());
        to.writeLong(map.version().term());
        to.writeLong(map.epoch().number());
        to.writeUTF(map.version().parentHash());
        ClusterMap.Settings settings = map.settings();
        to.writeInt(settings.replicationFactor());
        to.writeInt(settings.readQuorum());
        to.writeInt(settings.writeQuorum());
        to.writeUTF(settings.durability().name());
        to.writeInt(map.buckets().size());
        for (Bucket bucket : map.buckets()) {
            to.writeUTF(bucket.name());
            to.writeUTF(bucket.conflicts().name());
            if (format >= BUCKETS_OF_THEIR_OWN) {
                write(bucket.quorums().read(), to);
                write(bucket.quorums().write(), to);
                write(bucket.limits().valueBytesMax(), to);
                write(bucket.limits().siblingsMax(), to);
            }
        }
        to.writeInt(map.members().size());
        for (Member member : map.members()) {
            to.writeUTF(member.id().toString());
            to.writeUTF(member.name());
            to.writeUTF(member.zone().name());
        }
        to.writeInt(map.partitions().size());
        for (Partition partition : map.partitions()) {
            to.writeLong(partition.lastChanged().number());
            for (NodeId owner : partition.owners()) {
                to.writeUTF(owner.toString());
            }
        }
    }
}
