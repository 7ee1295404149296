package io.dynamokv.node.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.node.http.AdminDocuments.ChainedMapDocument;
import io.dynamokv.node.http.AdminDocuments.JoinDocument;
import io.dynamokv.node.http.AdminDocuments.SafeToStopDocument;
import io.dynamokv.node.http.AdminDocuments.StatusDocument;
import io.dynamokv.node.port.MapSource;
import io.dynamokv.node.port.NodeAdmin;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.json.Json;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The admin API, on the port of health and metrics, which no Ingress exposes. What changes anything needs the cluster secret as bearer token. */
@Singleton
public class AdminRoutes {
    private static final Logger LOG = Logger.getLogger(AdminRoutes.class);
    private static final String BEARER = "Bearer ";

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
        router.get("/admin/v1/safe-to-stop").handler(this::safeToStop);
        router.post("/admin/v1/repair").handler(this::authorize).handler(this::repair);
        change(router.post("/admin/v1/join"), this::join);
        change(router.put("/admin/v1/map"), this::adopt);
    }

    private void change(Route route, Change change) {
        route.handler(this::authorize).handler(context -> change(context, change));
    }

    /** Which secret it is, only an open directory tells: until then nobody has a wrong one. */
    private void authorize(RoutingContext context) {
        if (node.status().isEmpty()) {
            answer(context, notOpen(context));
            return;
        }
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

    /** Begun, not done: how far it is, the status and the metrics tell. */
    private void repair(RoutingContext context) {
        List<String> rebuild = context.queryParam("rebuild");
        if (!rebuild.isEmpty() && !List.of("true", "false").contains(rebuild.getFirst())) {
            answer(
                    context,
                    Problem.of(
                            400,
                            "bad-input",
                            "Bad input",
                            "rebuild must be true or false, was '" + rebuild.getFirst() + "'",
                            id(context)));
        } else if (maps.map().isEmpty()) {
            answer(context, noMap(409, context));
        } else {
            node.repair(!rebuild.isEmpty() && rebuild.getFirst().equals("true"))
                    .ifPresentOrElse(
                            begun -> {
                                context.response().setStatusCode(202);
                                answer(context, begun);
                            },
                            () -> answer(context, notOpen(context)));
        }
    }

    private NodeAdmin.Adoption join(String body) throws JsonProcessingException {
        JoinDocument document = read(body, JoinDocument.class);
        ClusterMap map = document.chainedMap().toMap();
        return node.join(
                ClusterId.parse(document.clusterId()),
                map,
                document.chainedMap().chainTo(map),
                document.toPeers());
    }

    private NodeAdmin.Adoption adopt(String body) throws JsonProcessingException {
        ChainedMapDocument document = read(body, ChainedMapDocument.class);
        ClusterMap map = document.toMap();
        return node.adopt(map, document.chainTo(map));
    }

    private <T> T read(String body, Class<T> type) throws JsonProcessingException {
        T document = json.readValue(body, type);
        if (document == null) {
            throw new IllegalArgumentException("a JSON object is required");
        }
        return document;
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
                        case NodeAdmin.Adoption.Forked(String why) ->
                            answer(context, Problem.of(409, "map-forked", "Map forked", why, id(context)));
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
                        map -> answer(context, ChainedMapDocument.of(map, maps.chain())),
                        () -> answer(context, node.status().isEmpty() ? notOpen(context) : noMap(404, context)));
    }

    private static Problem noMap(int status, RoutingContext context) {
        return Problem.of(status, "no-map", "No map", "The node has not joined a cluster yet", id(context));
    }

    private void status(RoutingContext context) {
        node.status()
                .ifPresentOrElse(
                        status -> answer(context, StatusDocument.of(status, maps.exchanges(), maps)),
                        () -> answer(context, notOpen(context)));
    }

    private static Problem notOpen(RoutingContext context) {
        return Problem.of(503, "not-open", "Not open", "The node opens its directory, or it is stopping", id(context));
    }

    private void safeToStop(RoutingContext context) {
        Optional<NodeAdmin.Status> status = node.status();
        if (status.isEmpty()) {
            answer(context, notOpen(context));
            return;
        }
        List<String> reasons = maps.map()
                .map(map -> SafeToStop.reasonsAgainst(map, status.get().id(), maps::liveness, maps.hintsWaiting()))
                .orElse(List.of());
        answer(context, new SafeToStopDocument(reasons.isEmpty(), reasons));
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
