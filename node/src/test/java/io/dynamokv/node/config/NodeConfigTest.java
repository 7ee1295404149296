package io.dynamokv.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeConfigTest {
    private static NodeConfig config(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .withMapping(NodeConfig.class)
                .withConverter(Duration.class, 200, NodeConfigTest::duration)
                .build()
                .getConfigMapping(NodeConfig.class);
    }

    /** Quarkus reads 100ms, 10s, 2m and 1h; the plain library knows only PT0.1S. */
    private static Duration duration(String text) {
        return text.endsWith("ms")
                ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
                : Duration.parse("PT" + text);
    }

    @Test
    void defaultsAreThoseThatAreDocumented() {
        NodeConfig config = config(Map.of());

        assertEquals(Optional.empty(), config.dataDir());
        assertEquals(Optional.empty(), config.secretFile());
        assertEquals(Optional.empty(), config.name());
        assertEquals("127.0.0.1", config.host());
        assertEquals(Optional.empty(), config.advertisedHost());
        assertEquals(8080, config.httpPort());
        assertEquals(9000, config.adminPort());
        assertEquals(7000, config.peerPort());
        assertEquals(Optional.empty(), config.shards());
        assertEquals(Optional.empty(), config.expectedCluster());
        assertEquals(false, config.stopWhenStdinCloses());
        assertEquals(1024, config.limits().keyBytesMax());
        assertEquals(1 << 20, config.limits().valueBytesMax());
        assertEquals(100, config.limits().siblingsMax());
        assertEquals(4 << 20, config.limits().recordBytesMax());
        assertEquals(32 << 20, config.limits().underWayBytesMax());
        assertEquals(1 << 30, config.limits().hintBytesMax());
        assertEquals(64 << 20, config.exchanges().bytesPerSecond());
        assertEquals(1024, config.limits().underWayRequestsMax());
        assertEquals(Duration.ofMillis(100), config.timing().hedge());
        assertEquals(Duration.ofMillis(700), config.timing().request());
        assertEquals(Duration.ofSeconds(10), config.timing().receive());
        assertEquals(Duration.ofMinutes(2), config.timing().repeats());
        assertEquals(Duration.ofHours(1), config.timing().tombstoneAge());
        assertEquals(Duration.ofSeconds(30), config.timing().reapSettle());
        assertEquals(Duration.ofMillis(400), config.timing().suspectAfter());
        assertEquals(Duration.ofMillis(1200), config.timing().downAfter());
        var probe = config.membership().probe();
        assertEquals(Duration.ofSeconds(1), probe.period());
        assertEquals(Duration.ofMillis(500), probe.timeout());
        assertEquals(3, probe.indirect());
        assertEquals(8, probe.healthScoreMax());
        assertEquals(Duration.ofSeconds(1), probe.pause());
        assertEquals(4, config.membership().suspicion().multiplier());
        assertEquals(Duration.ofSeconds(1), config.membership().suspicion().min());
        assertEquals(3, config.membership().suspicion().confirmations());
        var gossip = config.membership().gossip();
        assertEquals(Duration.ofMillis(200), gossip.period());
        assertEquals(3, gossip.fanout());
        assertEquals(6, gossip.retransmitMultiplier());
        assertEquals(1400, gossip.messageBytesMax());
        assertEquals(Duration.ofSeconds(30), gossip.syncPeriod());
        assertEquals(96 << 20, config.storage().blockCacheBytes());
        assertEquals(90, config.storage().diskUsedPercentMax());
    }

    @Test
    void everySettingHasItsProperty() {
        NodeConfig config = config(Map.ofEntries(
                Map.entry("dynamokv.data-dir", "/data"),
                Map.entry("dynamokv.secret-file", "/secret"),
                Map.entry("dynamokv.name", "n1"),
                Map.entry("dynamokv.host", "127.0.0.9"),
                Map.entry("dynamokv.advertised-host", "node-9"),
                Map.entry("dynamokv.http-port", "1"),
                Map.entry("dynamokv.admin-port", "2"),
                Map.entry("dynamokv.peer-port", "3"),
                Map.entry("dynamokv.shards", "4"),
                Map.entry("dynamokv.expected-cluster", "c"),
                Map.entry("dynamokv.stop-when-stdin-closes", "true"),
                Map.entry("dynamokv.limits.key-bytes-max", "5"),
                Map.entry("dynamokv.limits.value-bytes-max", "6"),
                Map.entry("dynamokv.limits.siblings-max", "7"),
                Map.entry("dynamokv.limits.record-bytes-max", "8"),
                Map.entry("dynamokv.limits.under-way-bytes-max", "9"),
                Map.entry("dynamokv.limits.hint-bytes-max", "18"),
                Map.entry("dynamokv.exchanges.bytes-per-second", "17"),
                Map.entry("dynamokv.limits.under-way-requests-max", "18"),
                Map.entry("dynamokv.timing.hedge", "10ms"),
                Map.entry("dynamokv.timing.request", "11ms"),
                Map.entry("dynamokv.timing.receive", "12ms"),
                Map.entry("dynamokv.timing.repeats", "33ms"),
                Map.entry("dynamokv.timing.tombstone-age", "34ms"),
                Map.entry("dynamokv.timing.reap-settle", "35ms"),
                Map.entry("dynamokv.timing.suspect-after", "13ms"),
                Map.entry("dynamokv.timing.down-after", "14ms"),
                Map.entry("dynamokv.membership.probe.period", "20ms"),
                Map.entry("dynamokv.membership.probe.timeout", "21ms"),
                Map.entry("dynamokv.membership.probe.indirect", "22"),
                Map.entry("dynamokv.membership.probe.health-score-max", "23"),
                Map.entry("dynamokv.membership.probe.pause", "24ms"),
                Map.entry("dynamokv.membership.suspicion.multiplier", "25"),
                Map.entry("dynamokv.membership.suspicion.min", "26ms"),
                Map.entry("dynamokv.membership.suspicion.confirmations", "27"),
                Map.entry("dynamokv.membership.gossip.period", "28ms"),
                Map.entry("dynamokv.membership.gossip.fanout", "29"),
                Map.entry("dynamokv.membership.gossip.retransmit-multiplier", "30"),
                Map.entry("dynamokv.membership.gossip.message-bytes-max", "31"),
                Map.entry("dynamokv.membership.gossip.sync-period", "32ms"),
                Map.entry("dynamokv.storage.block-cache-bytes", "15"),
                Map.entry("dynamokv.storage.disk-used-percent-max", "16")));

        assertEquals(Optional.of(Path.of("/data")), config.dataDir());
        assertEquals(Optional.of(Path.of("/secret")), config.secretFile());
        assertEquals(Optional.of("n1"), config.name());
        assertEquals("127.0.0.9", config.host());
        assertEquals(Optional.of("node-9"), config.advertisedHost());
        assertEquals(1, config.httpPort());
        assertEquals(2, config.adminPort());
        assertEquals(3, config.peerPort());
        assertEquals(Optional.of(4), config.shards());
        assertEquals(Optional.of("c"), config.expectedCluster());
        assertEquals(true, config.stopWhenStdinCloses());
        assertEquals(5, config.limits().keyBytesMax());
        assertEquals(6, config.limits().valueBytesMax());
        assertEquals(7, config.limits().siblingsMax());
        assertEquals(8, config.limits().recordBytesMax());
        assertEquals(9, config.limits().underWayBytesMax());
        assertEquals(18, config.limits().hintBytesMax());
        assertEquals(17, config.exchanges().bytesPerSecond());
        assertEquals(18, config.limits().underWayRequestsMax());
        assertEquals(Duration.ofMillis(10), config.timing().hedge());
        assertEquals(Duration.ofMillis(11), config.timing().request());
        assertEquals(Duration.ofMillis(12), config.timing().receive());
        assertEquals(Duration.ofMillis(33), config.timing().repeats());
        assertEquals(Duration.ofMillis(34), config.timing().tombstoneAge());
        assertEquals(Duration.ofMillis(35), config.timing().reapSettle());
        assertEquals(Duration.ofMillis(13), config.timing().suspectAfter());
        assertEquals(Duration.ofMillis(14), config.timing().downAfter());
        var probe = config.membership().probe();
        assertEquals(Duration.ofMillis(20), probe.period());
        assertEquals(Duration.ofMillis(21), probe.timeout());
        assertEquals(22, probe.indirect());
        assertEquals(23, probe.healthScoreMax());
        assertEquals(Duration.ofMillis(24), probe.pause());
        assertEquals(25, config.membership().suspicion().multiplier());
        assertEquals(Duration.ofMillis(26), config.membership().suspicion().min());
        assertEquals(27, config.membership().suspicion().confirmations());
        var gossip = config.membership().gossip();
        assertEquals(Duration.ofMillis(28), gossip.period());
        assertEquals(29, gossip.fanout());
        assertEquals(30, gossip.retransmitMultiplier());
        assertEquals(31, gossip.messageBytesMax());
        assertEquals(Duration.ofMillis(32), gossip.syncPeriod());
        assertEquals(15, config.storage().blockCacheBytes());
        assertEquals(16, config.storage().diskUsedPercentMax());
    }

    @Test
    void aPropertyThatIsNoneIsRefused() {
        assertThrows(RuntimeException.class, () -> config(Map.of("dynamokv.htpt-port", "1")));
        assertThrows(RuntimeException.class, () -> config(Map.of("dynamokv.http-port", "many")));
    }
}
