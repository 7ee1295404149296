package io.dynamokv.node.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Map;

/**
 * One request of an HTTP/1 connection at a time: what comes behind it waits here until its answer has left the node, and meanwhile nothing more is read. Vert.x
 * would keep as many as come, begin the next when the answer is queued, and never tell the end of a connection that ends within the second of two requests.
 */
final class Pipeline extends ChannelDuplexHandler {
    /** What a request holds beside its headers and its body: many times more than on its way. */
    private static final int REQUEST_BYTES = 512;

    /** One connection must not take what is there for all; it is what one read of short requests comes to. */
    private static final int PART_FOR_A_CONNECTION = 8;

    private final ConnectionBase connection;
    private final ByteBudget budget;
    private final ArrayDeque<Object> waiting = new ArrayDeque<>();
    private long held;
    /** Of the request that was passed on. */
    private boolean isReceived;

    private boolean isAnswered;
    private boolean nextIsDue;

    private Pipeline(ConnectionBase connection, ByteBudget budget, HttpServerRequest first) {
        this.connection = connection;
        this.budget = budget;
        isReceived = first.isEnded();
    }

    /**
     * From its first request on, whose head has come already.
     *
     * @param budget what the requests that wait on all connections may hold
     */
    static void begin(ConnectionBase connection, ByteBudget budget, HttpServerRequest first) {
        connection
                .channel()
                .pipeline()
                .addBefore(
                        connection.channelHandlerContext().name(),
                        Pipeline.class.getName(),
                        new Pipeline(connection, budget, first));
    }

    static long unsentBytes(ConnectionBase connection) {
        ChannelOutboundBuffer unsent = connection.channel().unsafe().outboundBuffer();
        return unsent == null ? 0 : unsent.totalPendingWriteBytes();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        boolean isOfTheOneBefore = !isReceived;
        if (!context.channel().isActive()) {
            ReferenceCountUtil.release(message); // closed within what was read at once: nobody answers it
        } else if (waiting.isEmpty() && (isOfTheOneBefore || isAnswered && unsentBytes(connection) == 0)) {
            pass(context, message);
        } else if (keep(message)) {
            connection.doPause();
            if (isAnswered) {
                goOnWhenTheAnswerHasLeft(context);
            }
        } else {
            var _ = context.close();
        }
    }

    private boolean keep(Object message) {
        int bytes = bytesOf(message);
        if (held + bytes > budget.bytesMax() / PART_FOR_A_CONNECTION || !budget.take(bytes)) {
            ReferenceCountUtil.release(message);
            return false;
        }
        held += bytes;
        waiting.add(onTheHeap(message));
        return true;
    }

    private static int bytesOf(Object message) {
        int bytes = 0;
        if (message instanceof HttpRequest request) {
            bytes += REQUEST_BYTES + request.uri().length();
            for (Map.Entry<String, String> header : request.headers()) {
                bytes += header.getKey().length() + header.getValue().length();
            }
        }
        return message instanceof HttpContent part ? bytes + part.content().readableBytes() : bytes;
    }

    /** As it comes a part holds all that was read with it. */
    private static Object onTheHeap(Object message) {
        if (!(message instanceof HttpContent part) || !part.content().isReadable()) {
            return message;
        }
        HttpContent copy = part.replace(Unpooled.copiedBuffer(part.content()));
        part.release();
        return copy;
    }

    private void given(Object message) {
        int bytes = bytesOf(message);
        held -= bytes;
        budget.give(bytes);
    }

    private void pass(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            isReceived = false;
            isAnswered = false;
        }
        if (message instanceof LastHttpContent) {
            isReceived = true;
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
        boolean isEnd = message instanceof LastHttpContent && !isInterim(message);
        var _ = context.write(message, written);
        if (isEnd) {
            isAnswered = true;
            if (!waiting.isEmpty()) {
                goOnWhenTheAnswerHasLeft(context);
            }
        }
    }

    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    /** What is written last has left last. In a turn of its own, or a pipeline of short answers would be one deep stack. */
    private void goOnWhenTheAnswerHasLeft(ChannelHandlerContext context) {
        if (!nextIsDue) {
            nextIsDue = true;
            var _ = context.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(left -> context.executor().execute(() -> next(context)));
        }
    }

    private void next(ChannelHandlerContext context) {
        nextIsDue = false;
        if (!context.channel().isActive()) {
            return;
        }
        var request = new ArrayList<>();
        while (!waiting.isEmpty()) {
            Object message = waiting.remove();
            given(message);
            request.add(message);
            if (message instanceof LastHttpContent) {
                break;
            }
        }
        if (waiting.isEmpty()) {
            connection.doResume();
        }
        request.forEach(message -> pass(context, message));
        context.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        for (Object message : waiting) {
            given(message);
            ReferenceCountUtil.release(message);
        }
        waiting.clear();
        context.fireChannelInactive();
    }
}
