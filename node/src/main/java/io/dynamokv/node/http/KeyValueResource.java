package io.dynamokv.node.http;

import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.version.ContextCodec;
import io.dynamokv.node.config.NodeConfig;
import io.dynamokv.node.port.Answer;
import io.dynamokv.node.port.ContextCodecs;
import io.dynamokv.node.port.MapSource;
import io.dynamokv.node.port.RequestExecutor;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** The client API: values under keys in buckets. Runs on the event loop and never blocks. */
@Singleton
@NonBlocking
@Path(KeyPath.PREFIX + "{bucket}/{key:.*}")
@Tag(
        name = "Key-value",
        description = "Values under keys. Every error is application/problem+json with the request's id.")
public class KeyValueResource {
    private static final Logger LOG = Logger.getLogger(KeyValueResource.class);
    private static final int REQUEST_BYTES = 1 << 10;

    private final RequestExecutor executor;
    private final MapSource maps;
    private final NodeConfig.Limits limits;
    private final ContextCodecs contexts;
    private final ReadSizes reads;

    KeyValueResource(RequestExecutor executor, MapSource maps, NodeConfig config, ContextCodecs contexts) {
        this.executor = executor;
        this.maps = maps;
        limits = config.limits();
        this.contexts = contexts;
        reads = new ReadSizes(limits.underWayBytesMax());
    }

    private interface Reading {
        ClientRequest read(RequestReader reader, String requestId) throws BadInputException;
    }

    @GET
    @Operation(summary = "Reads a value from R replicas")
    @APIResponse(responseCode = "200", description = "One version: its bytes and content type, and X-Dynamo-Context")
    @APIResponse(
            responseCode = "300",
            description = "Concurrent versions as JSON, values in base64, and X-Dynamo-Context")
    @APIResponse(responseCode = "404", description = "No value; a deleted one's context is there")
    @APIResponse(
            responseCode = "503",
            description = "Too few replicas answered; votesNeeded and votesReceived say how many")
    public CompletionStage<Response> get(@Parameter(hidden = true) @jakarta.ws.rs.core.Context RoutingContext context) {
        return answer(context, reads.expected(), (reader, id) -> reader.get());
    }

    @HEAD
    @Operation(summary = "Reads a value's headers from R replicas")
    public CompletionStage<Response> head(
            @Parameter(hidden = true) @jakarta.ws.rs.core.Context RoutingContext context) {
        return get(context);
    }

    @PUT
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Writes a value to W replicas; the context of a read says what it replaces")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.WILDCARD,
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(responseCode = "204", description = "Written; with a context when one version is left")
    @APIResponse(responseCode = "409", description = "The key would have too many versions; nothing was stored")
    @APIResponse(responseCode = "422", description = "The request's id belongs to another write; nothing was stored")
    @APIResponse(responseCode = "503", description = "Too few replicas; nothing was stored")
    @APIResponse(responseCode = "504", description = "Too few replicas confirmed in time; the outcome is unknown")
    public CompletionStage<Response> put(@Parameter(hidden = true) @jakarta.ws.rs.core.Context RoutingContext context) {
        return CountedBody.read(context).thenCompose(received -> switch (received) {
            case CountedBody.Received.Whole(byte[] value) ->
                answer(context, REQUEST_BYTES + value.length, (reader, id) -> reader.put(id, value));
            case CountedBody.Received.Refused(Problem problem) ->
                CompletableFuture.completedFuture(problem.toResponse().build());
        });
    }

    @DELETE
    @Operation(summary = "Deletes what the context covers, or, without one, what a read of R replicas sees")
    @APIResponse(responseCode = "204", description = "Deleted, or nothing was there")
    public CompletionStage<Response> delete(
            @Parameter(hidden = true) @jakarta.ws.rs.core.Context RoutingContext context) {
        return answer(context, REQUEST_BYTES, RequestReader::delete);
    }

    private CompletionStage<Response> answer(RoutingContext context, int bytes, Reading reading) {
        HttpServerRequest request = context.request();
        String requestId = RequestReader.idOf(request);
        Optional<ClusterMap> map = maps.map();
        Optional<ContextCodec> codec = contexts.ofThisThread();
        if (map.isEmpty() || codec.isEmpty()) {
            return CompletableFuture.completedFuture(AnswerWriter.notServing(requestId));
        }
        ClientRequest parsed;
        try {
            var reader = new RequestReader(request, KeyPath.of(context), map.get(), limits, codec.get());
            parsed = reading.read(reader, requestId);
        } catch (BadInputException e) {
            return CompletableFuture.completedFuture(
                    e.toProblem(requestId).toResponse().build());
        }
        var writer = new AnswerWriter(
                parsed.key(), map.get().bucket(parsed.key().bucket()).conflicts(), requestId, codec.get());
        return onThisEventLoop(parsed, bytes, answer -> {
            tell(context, parsed, map.get(), requestId, answer);
            int body = HttpMethod.HEAD.equals(request.method()) ? 0 : writer.bytesOf(answer);
            return CountedAnswer.take(context, body) ? writer.write(answer) : writer.overloaded();
        });
    }

    /** At a level that is off by default: a store without a quorum would write a line for each request of its clients. */
    private static void tell(
            RoutingContext context, ClientRequest request, ClusterMap map, String requestId, Answer answer) {
        if (LOG.isDebugEnabled() && !isGood(answer)) {
            LOG.debugf(
                    "%s %s, partition %d, request id %s: %s",
                    context.request().method(),
                    context.request().path(),
                    map.partitionOf(request.key().token()).number(),
                    requestId,
                    answer);
        }
    }

    private static boolean isGood(Answer answer) {
        return answer instanceof Answer.Done(Outcome outcome)
                && (outcome instanceof Outcome.Found || outcome instanceof Outcome.Written);
    }

    /** The answer may come on another shard's thread; responses and codecs belong to this one. */
    private CompletionStage<Response> onThisEventLoop(
            ClientRequest parsed, int bytes, Function<Answer, Response> writer) {
        Context here = Vertx.currentContext();
        Thread thread = Thread.currentThread();
        var response = new CompletableFuture<Response>();
        executor.execute(parsed, bytes, (Answer answer) -> {
            if (answer instanceof Answer.Done(Outcome.Found found)) {
                reads.found(found.record());
            }
            if (Thread.currentThread().equals(thread)) {
                response.complete(writer.apply(answer));
            } else {
                here.runOnContext(nothing -> response.complete(writer.apply(answer)));
            }
        });
        return response;
    }
}
