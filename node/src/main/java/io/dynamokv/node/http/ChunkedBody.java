package io.dynamokv.node.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;

/**
 * A body whose length nobody announced, read and counted before the resource is asked. Left to the framework, one that is too long would end
 * in an empty answer.
 */
final class ChunkedBody {
    private final RoutingContext context;
    private final int bytesMax;
    private final TurnAway turnAway;
    private final Buffer body = Buffer.buffer();

    ChunkedBody(RoutingContext context, int bytesMax, TurnAway turnAway) {
        this.context = context;
        this.bytesMax = bytesMax;
        this.turnAway = turnAway;
    }

    static boolean isExpected(HttpServerRequest request) {
        return !request.isEnded()
                && request.getHeader("Content-Length") == null
                && request.getHeader("Transfer-Encoding") != null;
    }

    /** Goes on with the context when all of the body is there. */
    void read() {
        HttpServerRequest request = context.request();
        request.handler(this::add);
        request.endHandler(ended -> {
            // As a BodyHandler does. That one itself would take a form apart, and a value is bytes, whatever its type.
            ((RoutingContextInternal) context).setBody(body);
            context.next();
        });
        request.resume();
    }

    private void add(Buffer chunk) {
        if (body.length() + chunk.length() <= bytesMax) {
            body.appendBuffer(chunk);
        } else {
            HttpServerRequest request = context.request();
            turnAway.answer(request, RequestReader.tooLong(bytesMax).toProblem(RequestReader.idOf(request)));
        }
    }
}
