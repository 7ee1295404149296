package io.dynamokv.node.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;

/**
 * A body, read before the resource is asked, and counted from its head to the end of the answer. The framework would receive as many as there are
 * connections, which is more than the node can hold; and one that is too long, and whose length nobody announced, would end there in an empty answer.
 */
final class CountedBody {
    private static final String BODY = CountedBody.class.getName();
    private static final byte[] NONE = {};
    /** One without announced length is given as much room as it has bytes, and at least so much. */
    private static final int ROOM_BYTES_MIN = 1 << 10;

    private final RoutingContext context;
    private final HttpServerRequest request;
    private final int bytesMax;
    private final BodyBudget budget;
    private final Refusal refusal;
    private byte[] room = NONE;
    private int length;
    private int held;

    /** What becomes of a body that is not read to its end. */
    interface Refusal {
        void overloaded(HttpServerRequest request);

        void tooLong(HttpServerRequest request);
    }

    CountedBody(RoutingContext context, int bytesMax, BodyBudget budget, Refusal refusal) {
        this.context = context;
        request = context.request();
        this.bytesMax = bytesMax;
        this.budget = budget;
        this.refusal = refusal;
    }

    /** What was read; nothing if nothing was announced. */
    static byte[] of(RoutingContext context) {
        byte[] body = context.get(BODY);
        return body == null ? NONE : body;
    }

    /** Goes on with the context when all of the body is there; not at all if it is refused or never comes. */
    void read() {
        context.addEndHandler(ended -> giveBack());
        int announced = announcedBytes();
        if (!take(announced)) {
            return;
        }
        room = new byte[announced];
        request.handler(this::add);
        request.endHandler(ended -> {
            context.put(BODY, length == room.length ? room : Arrays.copyOf(room, length));
            context.next();
        });
        if (TurnAway.waitsForLeave(request)) {
            request.response().writeContinue();
        }
        request.resume();
    }

    /** A number, if it is there: the gate has seen to that. 0 if nobody said. */
    private int announcedBytes() {
        String announced = request.getHeader("Content-Length");
        return announced == null ? 0 : Integer.parseInt(announced);
    }

    private void add(Buffer chunk) {
        int longer = length + chunk.length();
        if (longer > bytesMax) {
            room = NONE;
            refusal.tooLong(request);
        } else if (longer <= room.length || makeRoom(longer)) {
            chunk.getBytes(room, length);
            length = longer;
        }
    }

    private boolean makeRoom(int bytes) {
        int size = Math.min(bytesMax, Math.max(2 * bytes, ROOM_BYTES_MIN));
        if (!take(size - room.length)) {
            return false;
        }
        room = Arrays.copyOf(room, size);
        return true;
    }

    private boolean take(int bytes) {
        if (budget.take(bytes)) {
            held += bytes;
            return true;
        }
        room = NONE;
        refusal.overloaded(request);
        return false;
    }

    /** The end is told more than once: of the answer, and of the connection. */
    private void giveBack() {
        budget.give(held);
        held = 0;
    }
}
