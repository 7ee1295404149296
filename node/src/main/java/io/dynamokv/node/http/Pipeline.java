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
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayDeque;
import java.util.ArrayList;

/**
 * One request of an HTTP/1 connection at a time: what comes behind it waits here until its answer has left the node, and meanwhile nothing more is read. Vert.x
 * would keep as many as come, begin the next when the answer is queued, and never tell the end of a connection that ends within the second of two requests.
 */
final class Pipeline extends ChannelDuplexHandler {
    /** What a request without a body holds: many times more than on its way. */
    private static final int REQUEST_BYTES = 1 << 10;

    private final ConnectionBase connection;
    private final ByteBudget budget;
    private final ArrayDeque<Object> waiting = new ArrayDeque<>();
    /** Of the request that was passed on. */
    private boolean isReceived;

    private boolean isAnswered;
    private boolean nextIsDue;

    private Pipeline(ConnectionBase connection, ByteBudget budget) {
        this.connection = connection;
        this.budget = budget;
    }

    /**
     * From its first request on, whose head has come already.
     *
     * @param budget what the requests that wait on all connections may hold
     */
    static void begin(ConnectionBase connection, ByteBudget budget) {
        connection
                .channel()
                .pipeline()
                .addBefore(
                        connection.channelHandlerContext().name(),
                        Pipeline.class.getName(),
                        new Pipeline(connection, budget));
    }

    static long unsentBytes(ConnectionBase connection) {
        ChannelOutboundBuffer unsent = connection.channel().unsafe().outboundBuffer();
        return unsent == null ? 0 : unsent.totalPendingWriteBytes();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        boolean isOfTheOneBefore = !isReceived;
        if (waiting.isEmpty() && (isOfTheOneBefore || isAnswered && unsentBytes(connection) == 0)) {
            pass(context, message);
        } else if (budget.take(bytesOf(message))) {
            waiting.add(message);
            connection.doPause();
            if (isAnswered) {
                goOnWhenTheAnswerHasLeft(context);
            }
        } else {
            ReferenceCountUtil.release(message);
            var _ = context.close();
        }
    }

    private static int bytesOf(Object message) {
        int head = message instanceof HttpRequest ? REQUEST_BYTES : 0;
        return message instanceof HttpContent part ? head + part.content().readableBytes() : head;
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
        var request = new ArrayList<>();
        while (!waiting.isEmpty()) {
            Object message = waiting.remove();
            budget.give(bytesOf(message));
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
            budget.give(bytesOf(message));
            ReferenceCountUtil.release(message);
        }
        waiting.clear();
        context.fireChannelInactive();
    }
}
