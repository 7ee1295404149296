package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.NodeId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The hash that tells maps apart (rule M1): SHA-256 over one canonical byte form of everything in the map. */
final class MapHash {
    private static final byte FORMAT = 1;

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

    private static void write(ClusterMap map, DataOutputStream to) throws IOException {
        to.writeByte(FORMAT);
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
