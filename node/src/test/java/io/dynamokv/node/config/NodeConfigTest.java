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

    /** Quarkus reads 100ms and 10s; the plain library knows only PT0.1S. */
    private static Duration duration(String text) {
        return text.startsWith("P")
                ? Duration.parse(text)
                : text.endsWith("ms")
                        ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
                        : Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
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
        assertEquals(Duration.ofMillis(100), config.timing().hedge());
        assertEquals(Duration.ofMillis(700), config.timing().request());
        assertEquals(Duration.ofSeconds(10), config.timing().receive());
        assertEquals(Duration.ofMillis(400), config.timing().suspectAfter());
        assertEquals(Duration.ofMillis(1200), config.timing().downAfter());
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
                Map.entry("dynamokv.timing.hedge", "10ms"),
                Map.entry("dynamokv.timing.request", "11ms"),
                Map.entry("dynamokv.timing.receive", "12ms"),
                Map.entry("dynamokv.timing.suspect-after", "13ms"),
                Map.entry("dynamokv.timing.down-after", "14ms"),
                Map.entry("dynamokv.storage.block-cache-bytes", "15"),
                Map.entry("dynamokv.storage.disk-used-percent-max", "16")));

        assertEquals(Optional.of(Path.of("/data")), config.dataDir());
        assertEquals(Optional.of(Path.of("/secret")), config.secretFile());
        assertEquals(Optional.of("n1"), config.name());
        assertEquals("127.0.0.9", config.host());
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
        assertEquals(Duration.ofMillis(10), config.timing().hedge());
        assertEquals(Duration.ofMillis(11), config.timing().request());
        assertEquals(Duration.ofMillis(12), config.timing().receive());
        assertEquals(Duration.ofMillis(13), config.timing().suspectAfter());
        assertEquals(Duration.ofMillis(14), config.timing().downAfter());
        assertEquals(15, config.storage().blockCacheBytes());
        assertEquals(16, config.storage().diskUsedPercentMax());
    }

    @Test
    void aPropertyThatIsNoneIsRefused() {
        assertThrows(RuntimeException.class, () -> config(Map.of("dynamokv.htpt-port", "1")));
        assertThrows(RuntimeException.class, () -> config(Map.of("dynamokv.http-port", "many")));
    }
}
