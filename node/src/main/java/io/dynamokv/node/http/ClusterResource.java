package io.dynamokv.node.http;

import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapDocument;
import io.dynamokv.core.ring.Member;
import io.dynamokv.node.port.Exchanges;
import io.dynamokv.node.port.MapSource;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The map, the members and who is alive, for clients that choose their coordinator themselves, and for people. */
@Singleton
@Path(ClusterResource.PATH)
@Tag(name = "Cluster")
public class ClusterResource {
    static final String PATH = "/v1/cluster";

    /**
     * @param liveness what this node believes: alive, suspect or down; the worse of what its own links and the nodes' gossip say
     * @param livenessSinceMillis since when, in milliseconds since 1970
     * @param hintsWaiting writes that this node keeps for it until it has got them
     * @param url where clients reach it, if this node knows
     */
    record MemberDocument(
            String nodeId,
            String name,
            String zone,
            String liveness,
            long livenessSinceMillis,
            long hintsWaiting,
            @Nullable String url) {}

    /**
     * @param self the node that answers: whose map this is, and who believes what the members' liveness says
     * @param exchanges how far it is in comparing what it holds with the other owners
     */
    record ClusterDocument(String self, MapDocument map, List<MemberDocument> members, Exchanges exchanges) {}

    private final MapSource maps;

    ClusterResource(MapSource maps) {
        this.maps = maps;
    }

    @GET
    @NonBlocking
    @Operation(
            summary =
                    "The node that answers, its map of partitions, the members, and their liveness as it sees it, and since when",
            description = "'self' is the id of the node that answers: through a balancer these are different ones.")
    public Response cluster(@Parameter(hidden = true) @Context HttpServerRequest request) {
        return maps.self()
                .flatMap(self -> maps.map().map(map -> document(self, map)))
                .map(document -> Response.ok(document, MediaType.APPLICATION_JSON_TYPE)
                        .header("Cache-Control", "no-store")
                        .build())
                .orElseGet(() -> AnswerWriter.notServing(RequestReader.idOf(request)));
    }

    private ClusterDocument document(NodeId self, ClusterMap map) {
        return new ClusterDocument(
                self.toString(),
                MapDocument.of(map),
                map.members().stream().map(this::member).toList(),
                maps.exchanges());
    }

    private MemberDocument member(Member member) {
        NodeAddress address = maps.addresses().get(member.id());
        return new MemberDocument(
                member.id().toString(),
                member.name(),
                member.zone().name(),
                maps.liveness(member.id()).name().toLowerCase(Locale.ROOT),
                maps.livenessSinceMillis(member.id()),
                maps.hintsWaiting().getOrDefault(member.id(), 0L),
                address == null ? null : "http://" + address.host() + ":" + address.httpPort());
    }
}
