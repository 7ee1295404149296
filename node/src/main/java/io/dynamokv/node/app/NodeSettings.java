package io.dynamokv.node.app;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.membership.PeerMonitor;
import io.dynamokv.core.membership.SwimSettings;
import io.dynamokv.core.membership.Update;
import io.dynamokv.core.store.RecordLimits;
import io.dynamokv.node.config.NodeConfig;
import io.dynamokv.node.runtime.RuntimeSettings;
import io.dynamokv.node.storage.StorageSettings;
import io.dynamokv.node.transport.TransportSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The configuration in the words of the parts that it is for, read before anything is opened: some of it would be found unusable only by the first map.
 *
 * @param expected the cluster that the directory must be of
 */
record NodeSettings(
        PeerMonitor.Settings monitoring,
        SwimSettings membership,
        TransportSettings transport,
        NodeAddress address,
        RuntimeSettings runtime,
        RecordLimits records,
        StorageSettings storage,
        Optional<ClusterId> expected) {
    /** @throws UnusableException names what cannot be used */
    static NodeSettings of(NodeConfig config) {
        var timing = config.timing();
        var limits = config.limits();
        SwimSettings membership = MembershipSettings.of(config.membership());
        NodeAddress address = readAddress(config);
        try {
            int downAfterMillis = Math.toIntExact(timing.downAfter().toMillis());
            return new NodeSettings(
                    new PeerMonitor.Settings(
                            Math.toIntExact(timing.suspectAfter().toMillis()), downAfterMillis),
                    membership,
                    TransportSettings.DEFAULT.forPeersThatAreDownAfter(downAfterMillis),
                    address,
                    new RuntimeSettings(
                            Math.toIntExact(timing.hedge().toMillis()),
                            Math.toIntExact(timing.request().toMillis()),
                            limits.underWayBytesMax(),
                            limits.underWayRequestsMax(),
                            limits.hintBytesMax(),
                            config.exchanges().bytesPerSecond(),
                            ReapingSettings.of(timing)),
                    new RecordLimits(limits.siblingsMax(), limits.recordBytesMax()),
                    readStorage(config),
                    config.expectedCluster().map(NodeSettings::parseCluster));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UnusableException(
                    "dynamokv.timing, dynamokv.limits or dynamokv.exchanges cannot be used: " + e.getMessage(), e);
        }
    }

    private static NodeAddress readAddress(NodeConfig config) {
        String host = config.advertisedHost().orElse(config.host());
        if (host.getBytes(StandardCharsets.UTF_8).length > Update.HOST_BYTES_MAX) {
            throw new UnusableException(
                    "dynamokv.advertised-host must have at most " + Update.HOST_BYTES_MAX + " bytes");
        }
        try {
            return new NodeAddress(host, config.peerPort(), config.httpPort());
        } catch (IllegalArgumentException e) {
            throw new UnusableException("dynamokv.advertised-host or a port cannot be used: " + e.getMessage(), e);
        }
    }

    private static StorageSettings readStorage(NodeConfig config) {
        try {
            return StorageSettings.DEFAULT.withCacheBytes(config.storage().blockCacheBytes());
        } catch (IllegalArgumentException e) {
            throw new UnusableException("dynamokv.storage is not usable: " + e.getMessage(), e);
        }
    }

    private static ClusterId parseCluster(String text) {
        try {
            return ClusterId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UnusableException("dynamokv.expected-cluster must be a UUID, was '" + text + "'", e);
        }
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "unnamed";
        }
    }
}
