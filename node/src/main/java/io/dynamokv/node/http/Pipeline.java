package io.dynamokv.node.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Bounds the requests that wait on a connection of HTTP/1 for the answers to those before them. Vert.x keeps as many as come, and each is many times larger
 * in memory than on its way: nothing is read while one waits, and who has said too many until then is let go.
 */
final class Pipeline extends ChannelDuplexHandler {
    static final int UNANSWERED_MAX = 128;

    private final ConnectionBase connection;
    private int unanswered;

    private Pipeline(ConnectionBase connection, int unanswered) {
        this.connection = connection;
        this.unanswered = unanswered;
    }

    /** From its first request on, which has come already. */
    static void bound(ConnectionBase connection) {
        connection
                .channel()
                .pipeline()
                .addBefore(
                        connection.channelHandlerContext().name(),
                        Pipeline.class.getName(),
                        new Pipeline(connection, 1));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (unanswered > UNANSWERED_MAX) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest) {
            unanswered++;
        }
        if (unanswered > UNANSWERED_MAX) {
            ReferenceCountUtil.release(message);
            var _ = context.close();
            return;
        }
        if (unanswered > 1) {
            connection.doPause();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
        if (message instanceof LastHttpContent && !isInterim(message)) {
            unanswered = Math.max(0, unanswered - 1);
            if (unanswered <= 1) {
                connection.doResume();
            }
        }
        var _ = context.write(message, written);
    }

    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
}
