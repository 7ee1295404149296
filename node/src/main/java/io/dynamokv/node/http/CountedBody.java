package io.dynamokv.node.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A body, counted from its head to the end of the answer, and read by the resource that it is for. The framework would receive as many as there are
 * connections, which is more than the node can hold; and a long one that it is given as read already, it would pass on as zeros. It pauses a request when
 * it finds the resource, which it must not have ended before: so a body is admitted by its head, and read from there.
 */
final class CountedBody {
    private static final String BODY = CountedBody.class.getName();
    private static final byte[] NONE = {};
    /** One without announced length is given as much room as it has bytes, and at least so much. */
    private static final int ROOM_BYTES_MIN = 1 << 10;

    private final HttpServerRequest request;
    private final int bytesMax;
    private final ByteBudget budget;
    private final Refusal refusal;
    private final CompletableFuture<Received> received = new CompletableFuture<>();
    private byte[] room = NONE;
    private int length;
    private int held;

    sealed interface Received {
        @SuppressWarnings("ArrayRecordComponent")
        record Whole(byte[] value) implements Received {}

        record Refused(Problem problem) implements Received {}
    }

    /** What becomes of a body that is not read to its end: what still comes is got rid of, and the client is told why. */
    interface Refusal {
        /** A further request would be admitted. */
        boolean hasRoom();

        Problem overloaded(HttpServerRequest request);

        /** Nothing of it still comes. */
        Problem overloadedAtItsEnd(HttpServerRequest request);

        Problem tooLong(HttpServerRequest request);
    }

    private CountedBody(HttpServerRequest request, int bytesMax, ByteBudget budget, Refusal refusal) {
        this.request = request;
        this.bytesMax = bytesMax;
        this.budget = budget;
        this.refusal = refusal;
    }

    /** @return whether there is room for what was announced; then it is taken, and the resource may read */
    static boolean admit(RoutingContext context, int bytesMax, ByteBudget budget, Refusal refusal) {
        var body = new CountedBody(context.request(), bytesMax, budget, refusal);
        int announced = body.announcedBytes();
        if (!body.take(announced)) {
            return false;
        }
        context.addEndHandler(ended -> body.giveBack());
        body.room = new byte[announced];
        context.put(BODY, body);
        return true;
    }

    /** Nothing, if nothing was announced; never, if the client hangs up before its end. */
    static CompletionStage<Received> read(RoutingContext context) {
        CountedBody body = context.get(BODY);
        if (body == null) {
            // No minimal stage: the framework cancels what comes of it when the client hangs up.
            return CompletableFuture.completedFuture(new Received.Whole(NONE));
        }
        body.read();
        return body.received;
    }

    private void read() {
        if (request.isEnded()) {
            end();
            return;
        }
        request.handler(this::add);
        request.endHandler(ended -> end());
        if (TurnAway.waitsForLeave(request)) {
            request.response().writeContinue();
        }
        request.resume();
    }

    /** While it came, others may have taken the room that there was at its head; to find that out later costs more. */
    private void end() {
        if (refusal.hasRoom()) {
            received.complete(new Received.Whole(length == room.length ? room : Arrays.copyOf(room, length)));
        } else {
            refuse(refusal.overloadedAtItsEnd(request));
        }
    }

    /** A number, if it is there: the gate has seen to that. 0 if nobody said. */
    private int announcedBytes() {
        String announced = request.getHeader("Content-Length");
        return announced == null ? 0 : Integer.parseInt(announced);
    }

    private void add(Buffer chunk) {
        int longer = length + chunk.length();
        if (longer > bytesMax) {
            refuse(refusal.tooLong(request));
        } else if (longer <= room.length || makeRoom(longer)) {
            chunk.getBytes(room, length);
            length = longer;
        } else {
            refuse(refusal.overloaded(request));
        }
    }

    private void refuse(Problem problem) {
        room = NONE;
        received.complete(new Received.Refused(problem));
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
        return false;
    }

    /** The end is told more than once: of the answer, and of the connection. */
    private void giveBack() {
        budget.give(held);
        held = 0;
    }
}
