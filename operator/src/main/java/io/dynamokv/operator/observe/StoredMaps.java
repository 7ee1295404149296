package io.dynamokv.operator.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import io.dynamokv.core.ring.MapDocument;
import io.dynamokv.operator.desired.Names;
import io.dynamokv.operator.nodes.ChainedMap;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.Map;
import java.util.Objects;

/** The map in its ConfigMap. */
public final class StoredMaps {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StoredMaps() {}

    /** @throws UnreadableMapException if somebody has edited it so that it is none any more */
    public static ChainedMap read(ConfigMap stored) {
        Map<String, String> data = Objects.requireNonNullElse(stored.getData(), Map.of());
        try {
            ClusterMap map = JSON.readValue(data.getOrDefault(Names.MAP_KEY, ""), MapDocument.class)
                    .toMap();
            return new ChainedMap(map, MapChain.parse(data.getOrDefault(Names.CHAIN_KEY, "")));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new UnreadableMapException(stored.getMetadata().getName(), e);
        }
    }

    public static String json(ClusterMap map) {
        try {
            return JSON.writeValueAsString(MapDocument.of(map));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map can always be written", e);
        }
    }

    /** The stored map is none. */
    public static final class UnreadableMapException extends RuntimeException {
        private UnreadableMapException(String name, Exception cause) {
            super(
                    "ConfigMap " + name + " holds no valid map: " + cause.getMessage()
                            + "; delete it, and the nodes' own map is adopted",
                    cause);
        }
    }
}
