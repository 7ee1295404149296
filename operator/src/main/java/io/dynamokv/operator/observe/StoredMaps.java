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
import java.util.Optional;
import org.jboss.logging.Logger;

/** The map in its ConfigMap. */
public final class StoredMaps {
    private static final Logger LOG = Logger.getLogger(StoredMaps.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private StoredMaps() {}

    /** Empty if somebody has edited it so that it is none any more: what the nodes have is then adopted, as if it were gone (rule M3). */
    static Optional<ChainedMap> read(ConfigMap stored) {
        Map<String, String> data = Objects.requireNonNullElse(stored.getData(), Map.of());
        try {
            ClusterMap map = JSON.readValue(data.getOrDefault(Names.MAP_KEY, ""), MapDocument.class)
                    .toMap();
            return Optional.of(new ChainedMap(map, MapChain.parse(data.getOrDefault(Names.CHAIN_KEY, ""))));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            LOG.warnf(
                    "ConfigMap %s/%s holds no valid map: %s",
                    stored.getMetadata().getNamespace(), stored.getMetadata().getName(), e.getMessage());
            return Optional.empty();
        }
    }

    public static String json(ClusterMap map) {
        try {
            return JSON.writeValueAsString(MapDocument.of(map));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map can always be written", e);
        }
    }
}
