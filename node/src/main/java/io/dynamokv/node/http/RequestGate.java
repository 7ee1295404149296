package io.dynamokv.node.http;

import io.dynamokv.node.config.NodeConfig;
import io.dynamokv.node.port.BodyFigures;
import io.dynamokv.node.port.Figure;
import io.dynamokv.node.port.NodeFigures;
import io.dynamokv.node.port.RequestObserver;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Turns away what no resource could answer well, before a body is read: unknown paths and methods, heads and bodies that are too long,
 * paths that cannot be decoded, and bodies that there is no room for. What would otherwise be an empty page of the framework is a problem
 * that says what is wrong. Lets go of clients that send their bodies drop by drop.
 */
@Singleton
public class RequestGate implements CountedBody.Refusal, BodyFigures {
    private static final Logger LOG = Logger.getLogger(RequestGate.class);
    private static final int BEFORE_EVERYTHING = 1000;
    /** Of what may be under way: who keeps more bodies in hand than it can store in time receives them for nothing. */
    private static final int PART_FOR_BODIES = 2;

    /** As much again: it has room among the direct buffers, beside what waits for peers. */
    private static final int PART_FOR_ANSWERS = 2;

    /** Requests that wait on their connections for those before them. */
    private static final int PART_FOR_WAITING = 2;

    private static final Set<HttpMethod> KEY_VALUE_METHODS =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PUT, HttpMethod.DELETE);
    private static final Set<HttpMethod> READ_METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    /** A path that a router takes for any bucket and key; the real one is beside it. */
    private static final String ANY_KEY = KeyPath.PREFIX + "-/-";

    private final Vertx vertx;
    private final TurnAway turnAway;
    private final RefusalTurns refusals;
    private final NodeConfig.Limits limits;
    private final ByteBudget bodies;
    private final ByteBudget answers;
    private final ByteBudget waiting;
    private final NodeFigures figures;
    private final RequestObserver observer;
    private final long receiveMillis;
    private final long fetchMillis;

    /** @param silence after which a connection is closed: so long an answer may wait to be fetched, whatever the client says meanwhile */
    RequestGate(
            NodeConfig config,
            Vertx vertx,
            NodeFigures figures,
            RequestObserver observer,
            @ConfigProperty(name = "quarkus.http.idle-timeout") Duration silence) {
        this.figures = figures;
        this.vertx = vertx;
        this.observer = observer;
        turnAway = new TurnAway(vertx);
        refusals = new RefusalTurns(vertx, figures);
        limits = config.limits();
        bodies = new ByteBudget(limits.underWayBytesMax() / PART_FOR_BODIES);
        answers = new ByteBudget(limits.underWayBytesMax() / PART_FOR_ANSWERS);
        waiting = new ByteBudget(limits.underWayBytesMax() / PART_FOR_WAITING);
        fetchMillis = silence.toMillis();
        receiveMillis = config.timing().receive().toMillis();
    }

    /** Whatever is answered, also by others: what waits on its connection is bounded from then on. */
    WayOut wayOut(HttpServerRequest request) {
        return WayOut.of(request, waiting);
    }

    void register(@Observes Filters filters) {
        filters.register(this::handle, BEFORE_EVERYTHING);
    }

    private void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (TurnAway.isGone(request)) {
            return;
        }
        // Without a handler each request that is cut off in the middle leaves a stack in the log.
        request.exceptionHandler(cutOff -> LOG.debugf(cutOff, "a request was cut off"));
        if (KeyPath.wasSetAside(context)) {
            takeBody(context);
            return;
        }
        CountedAnswer.expect(context, wayOut(request), answers, fetchMillis);
        String path = request.path();
        if (!hasGoodHead(request)) {
            return;
        } else if (path.startsWith(KeyPath.PREFIX)) {
            if (isAllowed(request, KEY_VALUE_METHODS, "GET, HEAD, PUT, DELETE") && isReadable(request, path)) {
                passOn(context, path);
            }
        } else if (path.equals(ClusterResource.PATH)) {
            if (isAllowed(request, READ_METHODS, "GET, HEAD")) {
                passOnIfThereIsRoom(context);
            }
        } else if (path.startsWith("/q/")) {
            passOnIfThereIsRoom(context);
        } else {
            turnAway.answer(
                    request,
                    Problem.of(
                            404,
                            "unknown-path",
                            "Unknown path",
                            "Values are at " + KeyPath.PREFIX + "{bucket}/{key}, the cluster at "
                                    + ClusterResource.PATH,
                            RequestReader.idOf(request)));
        }
    }

    /**
     * Routers take dots and double slashes out of a path, and then find another resource, or none: past them goes a path that they cannot
     * misread.
     */
    private void passOn(RoutingContext context, String path) {
        HttpServerRequest request = context.request();
        if (TurnAway.owesBody(request)) {
            long timer = vertx.setTimer(receiveMillis, late -> {
                if (!request.isEnded()) {
                    TurnAway.letGo(request);
                }
            });
            context.addEndHandler(ended -> vertx.cancelTimer(timer));
        }
        if (KeyPath.mayBeMisread(path)) {
            KeyPath.setAside(context, path);
            context.reroute(request.query() == null ? ANY_KEY : ANY_KEY + "?" + request.query());
        } else {
            takeBody(context);
        }
    }

    /** What is refused here costs least. */
    private void takeBody(RoutingContext context) {
        if (!TurnAway.owesBody(context.request())) {
            if (hasRoom()) {
                context.next();
            } else {
                refusals.send(context.response(), overloadedAtItsEnd(context.request()));
            }
        } else if (hasRoom() && CountedBody.admit(context, limits.valueBytesMax(), bodies, this)) {
            context.next();
        } else {
            refusals.send(context.response(), overloaded(context.request()));
        }
    }

    /** Its answer has a size that nobody asks for. */
    private void passOnIfThereIsRoom(RoutingContext context) {
        if (answers.hasRoom()) {
            context.next();
        } else {
            turnAway.answer(context.request(), AnswerWriter.overloaded(RequestReader.idOf(context.request())));
        }
    }

    @Override
    public boolean hasRoom() {
        return figures.figure(Figure.UNDER_WAY_FULL).orElse(0) == 0;
    }

    @Override
    public Problem overloaded(HttpServerRequest request) {
        turnAway.getRidOfBusily(request);
        return overloadedAtItsEnd(request);
    }

    @Override
    public Problem overloadedAtItsEnd(HttpServerRequest request) {
        observer.ended(kindOf(request.method()), RequestObserver.Result.OVERLOADED, 0);
        return AnswerWriter.overloaded(RequestReader.idOf(request));
    }

    private static RequestObserver.Kind kindOf(HttpMethod method) {
        if (method.equals(HttpMethod.PUT)) {
            return RequestObserver.Kind.PUT;
        }
        return method.equals(HttpMethod.DELETE) ? RequestObserver.Kind.DELETE : RequestObserver.Kind.GET;
    }

    @Override
    public Problem tooLong(HttpServerRequest request) {
        turnAway.getRidOf(request);
        return RequestReader.tooLong(limits.valueBytesMax()).toProblem(RequestReader.idOf(request));
    }

    @Override
    public long bodyBytes() {
        return bodies.held();
    }

    @Override
    public long answerBytes() {
        return answers.held();
    }

    private boolean hasGoodHead(HttpServerRequest request) {
        try {
            RequestHead.check(request);
            return true;
        } catch (BadInputException e) {
            turnAway.answer(request, e.toProblem(RequestReader.idOf(request)));
            return false;
        }
    }

    private boolean isAllowed(HttpServerRequest request, Set<HttpMethod> methods, String allow) {
        if (methods.contains(request.method())) {
            return true;
        }
        request.response().putHeader("Allow", allow);
        turnAway.answer(
                request,
                Problem.badInput(
                        405,
                        "method",
                        allow,
                        "This path does not know " + request.method(),
                        RequestReader.idOf(request)));
        return false;
    }

    private boolean isReadable(HttpServerRequest request, String path) {
        try {
            boolean hasKey = path.indexOf('/', KeyPath.PREFIX.length()) > 0;
            if (!hasKey || path.indexOf('%') >= 0 || KeyPath.mayBeMisread(path)) {
                KeyPath.parse(path, limits.keyBytesMax());
            }
            String length = request.getHeader("Content-Length");
            if (length != null && (length.length() > 9 || Integer.parseUnsignedInt(length) > limits.valueBytesMax())) {
                throw RequestReader.tooLong(limits.valueBytesMax());
            }
            RequestReader.contentTypeOf(request);
            return true;
        } catch (BadInputException e) {
            turnAway.answer(request, e.toProblem(RequestReader.idOf(request)));
        } catch (NumberFormatException _) {
            turnAway.answer(
                    request,
                    Problem.badInput(
                            400,
                            "Content-Length",
                            "a number of bytes",
                            "Content-Length is no number",
                            RequestReader.idOf(request)));
        }
        return false;
    }
}
