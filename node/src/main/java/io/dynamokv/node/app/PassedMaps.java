package io.dynamokv.node.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ChainLink;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import io.dynamokv.core.ring.MapDocument;
import io.dynamokv.node.port.MapCopy;
import io.dynamokv.node.port.MapExchange;
import io.dynamokv.node.port.NodeAdmin.Adoption;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Maps that come and go by gossip: the same adoption as the operator's, the same rules (M1 to M3). */
final class PassedMaps implements MapExchange {
    private static final Logger LOG = Logger.getLogger(PassedMaps.class);
    /** With its frame it stays below what a peer reads. */
    static final int COPY_CHARS_MAX = 3 << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** What this node has, and how it takes another. */
    interface Own {
        Optional<ClusterMap> map();

        MapChain chain();

        Adoption adopt(ClusterMap map, MapChain chain);
    }

    private final Own own;

    PassedMaps(Own own) {
        this.own = own;
    }

    @Override
    public Optional<MapCopy> newerThan(Epoch epoch) {
        // The chain before the map: it may be a moment older, and then leads to no map; the asker asks again.
        MapChain chain = own.chain();
        return own.map().filter(map -> map.epoch().isAfter(epoch)).flatMap(map -> copy(map, chain, epoch));
    }

    private static Optional<MapCopy> copy(ClusterMap map, MapChain chain, Epoch since) {
        var copy = new MapCopy(json(map), linksSince(since, chain).format());
        int chars = copy.map().length() + copy.chain().length();
        if (chars > COPY_CHARS_MAX) {
            LOG.errorf(
                    "The map of epoch %s has %d characters with its chain since epoch %s, too many for gossip: only the operator"
                            + " can hand it out",
                    map.epoch(), chars, since);
            return Optional.empty();
        }
        return Optional.of(copy);
    }

    private static String json(ClusterMap map) {
        try {
            return JSON.writeValueAsString(MapDocument.of(map));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("every map can be written", e);
        }
    }

    /** From the parent of the asker's map on: if that map was never committed, the newer one passes it over (rule M3). */
    private static MapChain linksSince(Epoch since, MapChain chain) {
        List<ChainLink> links = chain.links().stream()
                .filter(link -> link.epoch().number() >= since.number() - 1)
                .toList();
        return new MapChain(links);
    }

    @Override
    public boolean offer(NodeId from, MapCopy copy) {
        try {
            ClusterMap map = JSON.readValue(copy.map(), MapDocument.class).toMap();
            MapChain chain = MapChain.parse(copy.chain());
            return offer(from, map, chain);
        } catch (JsonProcessingException e) {
            LOG.errorf("Member %s passed on what is no map: %s", from, e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            LOG.errorf("Member %s passed on a map that cannot be used: %s", from, e.getMessage());
        }
        return false;
    }

    private boolean offer(NodeId from, ClusterMap map, MapChain chain) {
        Optional<Epoch> newest = own.map().map(ClusterMap::epoch);
        if (newest.isPresent() && !map.epoch().isAfter(newest.get())) {
            LOG.infof("The map of epoch %s that member %s passed on is no newer than this node's", map.epoch(), from);
            return true;
        }
        return switch (own.adopt(map, chain)) {
            case Adoption.Adopted() -> {
                LOG.infof("The map of epoch %s came from member %s", map.epoch(), from);
                yield true;
            }
            case Adoption.Refused(String why) -> {
                LOG.warnf("The map of epoch %s that member %s passed on is refused: %s", map.epoch(), from, why);
                yield false;
            }
            case Adoption.Forked(String why) -> {
                LOG.errorf("The map of epoch %s that member %s passed on is of a fork: %s", map.epoch(), from, why);
                yield false;
            }
        };
    }
}
