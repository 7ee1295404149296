package io.dynamokv.node.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How answers leave the connection of a client, and how much of them has not left. Netty knows that: for Vert.x an answer has ended when it is queued. On the
 * connection's event loop.
 */
final class WayOut {
    private static final AttributeKey<WayOut> ATTRIBUTE = AttributeKey.valueOf(WayOut.class.getName());

    /** Whoever reads anything is told within it that a stream is reset. */
    private static final int TOLD_SECONDS_MAX = 10;

    private final ConnectionBase connection;
    private final @Nullable Streams streams;
    private long held;

    private WayOut(ConnectionBase connection, @Nullable Streams streams) {
        this.connection = connection;
        this.streams = streams;
    }

    /** @param waiting what the requests of HTTP/1 that wait for those before them may hold */
    static WayOut of(HttpServerRequest request, ByteBudget waiting) {
        var connection = (ConnectionBase) request.connection();
        Attribute<WayOut> attribute = connection.channel().attr(ATTRIBUTE);
        WayOut known = attribute.get();
        if (known == null || known.hasStreams() != TurnAway.isStream(request)) {
            known = begin(connection, request, waiting);
            attribute.set(known);
        }
        return known;
    }

    private static WayOut begin(ConnectionBase connection, HttpServerRequest request, ByteBudget waiting) {
        if (TurnAway.isStream(request)) {
            return new WayOut(connection, Streams.of(connection));
        }
        Pipeline.begin(connection, waiting, request);
        return new WayOut(connection, null);
    }

    /** HTTP/2: many answers at the same time, each at the pace that the client wants it. */
    boolean hasStreams() {
        return streams != null;
    }

    /** What blocking routes answer is written there too, and behind it everything is known. */
    void onItsLoop(Runnable task) {
        EventLoop loop = connection.channel().eventLoop();
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    boolean hasLeft(HttpServerRequest request) {
        return streams == null ? Pipeline.unsentBytes(connection) == 0 : streams.hasEnded(request);
    }

    /** Or when nobody waits for it any more: its stream was reset, or the connection is closed. */
    void whenLeft(HttpServerRequest request, Runnable left) {
        if (streams == null) {
            // What is written last has left last.
            connection.writeToChannel(
                    Unpooled.EMPTY_BUFFER, connection.channel().newPromise().addListener(written -> left.run()));
        } else {
            streams.whenEnded(request, left);
        }
    }

    long held() {
        return held;
    }

    void hold(long bytes) {
        held += bytes;
    }

    /**
     * Of a client that does not fetch: its stream, for others may share the connection. One that does not even read that loses the connection, at once: in
     * good order it would be closed behind what nobody fetches.
     */
    void letGo(HttpServerRequest request) {
        ChannelHandlerContext context = connection.channelHandlerContext();
        if (streams == null) {
            var _ = context.close();
            return;
        }
        ChannelFuture told = streams.reset(request, context);
        var _ = context.executor()
                .schedule(
                        () -> {
                            if (!told.isDone()) {
                                var _ = context.close();
                            }
                        },
                        TOLD_SECONDS_MAX,
                        TimeUnit.SECONDS);
    }

    /** An answer has left when its last frame has been written, or its stream was reset. */
    private static final class Streams extends Http2ConnectionAdapter {
        private final Http2ConnectionHandler handler;
        private final Http2Connection connection;
        private final Http2Connection.PropertyKey left;

        private Streams(Http2ConnectionHandler handler) {
            this.handler = handler;
            connection = handler.connection();
            left = connection.newKey();
        }

        static Streams of(ConnectionBase connection) {
            var handler = connection.channel().pipeline().get(Http2ConnectionHandler.class);
            var streams = new Streams(handler);
            streams.connection.addListener(streams);
            connection
                    .channel()
                    .pipeline()
                    .addBefore(connection.channelHandlerContext().name(), null, new OneStreamsErrors());
            return streams;
        }

        private @Nullable Http2Stream streamOf(HttpServerRequest request) {
            return connection.stream(request.response().streamId());
        }

        boolean hasEnded(HttpServerRequest request) {
            Http2Stream stream = streamOf(request);
            return stream == null
                    || stream.state() == Http2Stream.State.CLOSED
                    || stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL;
        }

        void whenEnded(HttpServerRequest request, Runnable then) {
            Http2Stream stream = streamOf(request);
            if (stream == null) {
                then.run();
            } else {
                stream.setProperty(left, then);
            }
        }

        /** For Vert.x its answer has ended, and it would do nothing. What waits for the client's window is dropped with the stream. */
        ChannelFuture reset(HttpServerRequest request, ChannelHandlerContext context) {
            Http2Stream stream = streamOf(request);
            if (stream == null) {
                return context.newSucceededFuture();
            }
            ChannelFuture told =
                    handler.resetStream(context, stream.id(), Http2Error.CANCEL.code(), context.newPromise());
            context.flush();
            return told;
        }

        /** The client may leave its own half open. */
        @Override
        public void onStreamHalfClosed(Http2Stream stream) {
            if (stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
                onStreamClosed(stream);
            }
        }

        @Override
        public void onStreamClosed(Http2Stream stream) {
            Runnable then = stream.removeProperty(left);
            if (then != null) {
                then.run();
            }
        }
    }

    /** What is dropped with a stream, by either side, tells the whole pipeline of it, and Vert.x would close the connection. */
    private static final class OneStreamsErrors extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!(cause instanceof Http2Exception.StreamException)) {
                context.fireExceptionCaught(cause);
            }
        }
    }
}
