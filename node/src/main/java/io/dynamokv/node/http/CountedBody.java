package io.dynamokv.node.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import org.jspecify.annotations.Nullable;

/**
 * A body that is read and counted before the resource is asked. One whose length nobody announced: left to the framework, one that is too long would end in
 * an empty answer. And one that is long: the framework would receive as many as there are connections, which is more than the node can hold.
 */
final class CountedBody {
    /** So long may be what each connection sends without being counted. */
    private static final int SHORT_BYTES_MAX = 8 << 10;

    private static final String BODY = CountedBody.class.getName();

    private final RoutingContext context;
    private final int bytesMax;
    private final BodyBudget budget;
    private final TurnAway turnAway;
    private Buffer body = Buffer.buffer();
    private int held;

    CountedBody(RoutingContext context, int bytesMax, BodyBudget budget, TurnAway turnAway) {
        this.context = context;
        this.bytesMax = bytesMax;
        this.budget = budget;
        this.turnAway = turnAway;
    }

    /** The length is a number, if there is one. */
    static boolean isExpected(HttpServerRequest request) {
        if (request.isEnded()) {
            return false;
        }
        String length = request.getHeader("Content-Length");
        return length == null
                ? request.getHeader("Transfer-Encoding") != null
                : Integer.parseInt(length) > SHORT_BYTES_MAX;
    }

    /** Goes on with the context when all of the body is there. */
    void read() {
        HttpServerRequest request = context.request();
        context.addEndHandler(ended -> giveBack());
        int announced = announcedBytes(request);
        if (announced > 0 && !take(announced)) {
            return;
        }
        request.handler(chunk -> add(chunk, announced > 0));
        request.endHandler(ended -> {
            context.put(BODY, body.getBytes());
            // As a BodyHandler does. That one itself would take a form apart, and a value is bytes, whatever its type.
            ((RoutingContextInternal) context).setBody(body);
            context.next();
        });
        request.resume();
    }

    /**
     * What was read here, or what the framework has read: of a body whose length was announced, and which is not there any more, it makes as many
     * zeros.
     */
    static byte[] of(RoutingContext context, byte @Nullable [] byFramework) {
        byte[] counted = context.get(BODY);
        if (counted != null) {
            return counted;
        }
        return byFramework == null ? new byte[0] : byFramework;
    }

    /** 0 if nobody said. */
    private static int announcedBytes(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return length == null ? 0 : Integer.parseInt(length);
    }

    private void add(Buffer chunk, boolean isCounted) {
        if (body.length() + chunk.length() > bytesMax) {
            refuse(RequestReader.tooLong(bytesMax).toProblem(RequestReader.idOf(context.request())));
        } else if (isCounted || take(chunk.length())) {
            body.appendBuffer(chunk);
        }
    }

    /** What there is no room for is not begun. */
    private boolean take(int bytes) {
        if (budget.take(bytes)) {
            held += bytes;
            return true;
        }
        refuse(AnswerWriter.overloaded(RequestReader.idOf(context.request())));
        return false;
    }

    /** The end is told more than once: of the answer, and of the connection. */
    private void giveBack() {
        budget.give(held);
        held = 0;
    }

    private void refuse(Problem problem) {
        body = Buffer.buffer();
        turnAway.answer(context.request(), problem);
    }
}
