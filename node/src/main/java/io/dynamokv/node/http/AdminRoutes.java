package io.dynamokv.node.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapDocument;
import io.dynamokv.core.ring.Member;
import io.dynamokv.node.port.MapSource;
import io.dynamokv.node.port.NodeAdmin;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.json.Json;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The admin API, on the port of health and metrics, which no Ingress exposes. What changes anything needs the cluster secret as bearer token. */
@Singleton
public class AdminRoutes {
    private static final Logger LOG = Logger.getLogger(AdminRoutes.class);
    private static final String BEARER = "Bearer ";

    record PeerStatus(String nodeId, String name, String liveness) {}

    record StatusDocument(
            String nodeId,
            String name,
            String state,
            @Nullable String clusterId,
            @Nullable Long term,
            @Nullable Long epoch,
            @Nullable String mapHash,
            long bootNumber,
            long uptimeSeconds,
            List<PeerStatus> peers) {}

    record PeerDocument(String nodeId, String name, String host, int peerPort, int httpPort) {
        NodeAdmin.Peer toPeer() {
            if (nodeId == null || name == null || host == null) {
                throw new IllegalArgumentException("peers: nodeId, name and host are required");
            }
            return new NodeAdmin.Peer(NodeId.parse(nodeId), name, new NodeAddress(host, peerPort, httpPort));
        }
    }

    record JoinDocument(String clusterId, MapDocument map, List<PeerDocument> peers) {}

    record MapChangeDocument(MapDocument map) {}

    private interface Change {
        NodeAdmin.Adoption make(String body) throws JsonProcessingException;
    }

    private final NodeAdmin node;
    private final MapSource maps;
    private final ObjectMapper json;

    AdminRoutes(NodeAdmin node, MapSource maps, ObjectMapper json) {
        this.node = node;
        this.maps = maps;
        this.json = json;
    }

    void register(@Observes ManagementInterface management) {
        Router router = management.router();
        router.get("/admin/v1/status").handler(this::status);
        router.get("/admin/v1/map").handler(this::map);
        change(router.post("/admin/v1/join"), this::join);
        change(router.put("/admin/v1/map"), this::adopt);
    }

    private void change(Route route, Change change) {
        route.handler(this::authorize).handler(context -> change(context, change));
    }

    private void authorize(RoutingContext context) {
        String header = context.request().getHeader("Authorization");
        if (header != null && header.startsWith(BEARER) && node.isAuthorized(header.substring(BEARER.length()))) {
            context.next();
        } else {
            answer(
                    context,
                    Problem.of(
                            401,
                            "unauthorized",
                            "Unauthorized",
                            "This needs the cluster secret as bearer token",
                            id(context)));
        }
    }

    private NodeAdmin.Adoption join(String body) throws JsonProcessingException {
        JoinDocument document = json.readValue(body, JoinDocument.class);
        if (document == null || document.clusterId() == null || document.map() == null || document.peers() == null) {
            throw new IllegalArgumentException("clusterId, map and peers are required");
        }
        List<NodeAdmin.Peer> peers = peersIn(document.peers());
        return node.join(ClusterId.parse(document.clusterId()), document.map().toMap(), peers);
    }

    /** What is kept of them is read at every start, so one peer with two addresses must not get that far. */
    private static List<NodeAdmin.Peer> peersIn(List<PeerDocument> documents) {
        var peers = new ArrayList<NodeAdmin.Peer>();
        var ids = new HashSet<NodeId>();
        for (PeerDocument document : documents) {
            if (document == null) {
                throw new IllegalArgumentException("peers: an entry is empty");
            }
            NodeAdmin.Peer peer = document.toPeer();
            if (!ids.add(peer.id())) {
                throw new IllegalArgumentException("peers: node " + peer.id() + " is there twice");
            }
            peers.add(peer);
        }
        return peers;
    }

    private NodeAdmin.Adoption adopt(String body) throws JsonProcessingException {
        MapChangeDocument document = json.readValue(body, MapChangeDocument.class);
        if (document == null || document.map() == null) {
            throw new IllegalArgumentException("map is required");
        }
        return node.adopt(document.map().toMap());
    }

    private void change(RoutingContext context, Change change) {
        String body = context.body().asString();
        context.vertx()
                .<NodeAdmin.Adoption>executeBlocking(() -> change.make(body == null ? "" : body), true)
                .onSuccess(adoption -> {
                    switch (adoption) {
                        case NodeAdmin.Adoption.Adopted() -> status(context);
                        case NodeAdmin.Adoption.Refused(String why) ->
                            answer(context, Problem.of(409, "map-refused", "Map refused", why, id(context)));
                    }
                })
                .onFailure(failure -> failed(context, failure));
    }

    private static void failed(RoutingContext context, Throwable failure) {
        if (failure instanceof JsonProcessingException || failure instanceof IllegalArgumentException) {
            String detail = failure instanceof JsonProcessingException parse
                    ? parse.getOriginalMessage()
                    : String.valueOf(failure.getMessage());
            answer(context, Problem.of(400, "bad-input", "Bad input", detail, id(context)));
        } else {
            LOG.errorf(
                    failure,
                    "%s %s failed",
                    context.request().method(),
                    context.request().path());
            answer(
                    context,
                    Problem.of(500, "internal", "Internal error", String.valueOf(failure.getMessage()), id(context)));
        }
    }

    private void map(RoutingContext context) {
        maps.map()
                .ifPresentOrElse(
                        map -> answer(context, MapDocument.of(map)),
                        () -> answer(
                                context,
                                Problem.of(
                                        404,
                                        "no-map",
                                        "No map",
                                        "The node has not joined a cluster yet",
                                        id(context))));
    }

    private void status(RoutingContext context) {
        Optional<NodeAdmin.Status> status = node.status();
        if (status.isEmpty()) {
            answer(context, Problem.of(503, "starting", "Starting", "The node opens its directory", id(context)));
            return;
        }
        answer(context, document(status.get()));
    }

    private StatusDocument document(NodeAdmin.Status status) {
        ClusterMap map = maps.map().orElse(null);
        List<PeerStatus> peers = map == null
                ? List.of()
                : map.members().stream()
                        .filter(member -> !member.id().equals(status.id()))
                        .map(this::peer)
                        .toList();
        return new StatusDocument(
                status.id().toString(),
                status.name(),
                map == null ? "empty" : "serving",
                status.clusterId().map(Object::toString).orElse(null),
                map == null ? null : map.version().term(),
                map == null ? null : map.epoch().number(),
                map == null ? null : map.hash(),
                status.bootNumber(),
                status.uptimeSeconds(),
                peers);
    }

    private PeerStatus peer(Member member) {
        return new PeerStatus(
                member.id().toString(),
                member.name(),
                maps.liveness(member.id()).name().toLowerCase(Locale.ROOT));
    }

    private static String id(RoutingContext context) {
        return RequestReader.idOf(context.request());
    }

    private static void answer(RoutingContext context, Problem problem) {
        problem.send(context.response());
    }

    private static void answer(RoutingContext context, Object body) {
        context.response()
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(Json.encodeToBuffer(body));
    }
}
