package io.dynamokv.node.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/**
 * How answers leave the connection of a client, and how much of them has not left. Netty knows that: for Vert.x an answer has ended when it is queued. On the
 * connection's event loop.
 */
final class WayOut {
    private static final AttributeKey<WayOut> ATTRIBUTE = AttributeKey.valueOf(WayOut.class.getName());

    private final ConnectionBase connection;
    private final @Nullable Streams streams;
    private long held;

    private WayOut(ConnectionBase connection, @Nullable Streams streams) {
        this.connection = connection;
        this.streams = streams;
    }

    static WayOut of(HttpServerRequest request) {
        var connection = (ConnectionBase) request.connection();
        Attribute<WayOut> attribute = connection.channel().attr(ATTRIBUTE);
        WayOut known = attribute.get();
        if (known == null || known.hasStreams() != TurnAway.isStream(request)) {
            known = begin(connection, TurnAway.isStream(request));
            attribute.set(known);
        }
        return known;
    }

    private static WayOut begin(ConnectionBase connection, boolean isOfStreams) {
        if (isOfStreams) {
            return new WayOut(connection, Streams.of(connection));
        }
        Pipeline.bound(connection);
        return new WayOut(connection, null);
    }

    /** HTTP/2: many answers at the same time, each at the pace that the client wants it. */
    boolean hasStreams() {
        return streams != null;
    }

    /** Whether another request may begin: of a pipeline of HTTP/1, when the answers before it have left. */
    boolean isClear() {
        return hasStreams() || unsentBytes() == 0;
    }

    private long unsentBytes() {
        ChannelOutboundBuffer unsent = connection.channel().unsafe().outboundBuffer();
        return unsent == null ? 0 : unsent.totalPendingWriteBytes();
    }

    void whenClear(HttpServerRequest request, Runnable begin) {
        Context here = Vertx.currentContext();
        request.pause();
        behindAll(() -> here.runOnContext(clear -> {
            request.resume();
            begin.run();
        }));
    }

    boolean hasLeft(HttpServerRequest request) {
        return streams == null ? unsentBytes() == 0 : streams.isClosed(request);
    }

    /** Or when nobody waits for it any more: its stream was reset, or the connection is closed. */
    void whenLeft(HttpServerRequest request, Runnable left) {
        if (streams == null) {
            behindAll(left);
        } else {
            streams.whenClosed(request, left);
        }
    }

    /** What is written last has left last. */
    private void behindAll(Runnable left) {
        connection.writeToChannel(
                Unpooled.EMPTY_BUFFER, connection.channel().newPromise().addListener(written -> left.run()));
    }

    long held() {
        return held;
    }

    void hold(long bytes) {
        held += bytes;
    }

    /** At once: in good order it would be closed behind what nobody fetches. */
    void close() {
        var _ = connection.channelHandlerContext().close();
    }

    /** A stream is closed when its last frame has been written, or it was reset. */
    private static final class Streams extends Http2ConnectionAdapter {
        private final Http2Connection connection;
        private final Http2Connection.PropertyKey left;

        private Streams(Http2Connection connection) {
            this.connection = connection;
            left = connection.newKey();
        }

        static Streams of(ConnectionBase connection) {
            var handler = connection.channel().pipeline().get(Http2ConnectionHandler.class);
            var streams = new Streams(handler.connection());
            handler.connection().addListener(streams);
            return streams;
        }

        boolean isClosed(HttpServerRequest request) {
            Http2Stream stream = connection.stream(request.response().streamId());
            return stream == null || stream.state() == Http2Stream.State.CLOSED;
        }

        void whenClosed(HttpServerRequest request, Runnable then) {
            Http2Stream stream = connection.stream(request.response().streamId());
            if (stream == null) {
                then.run();
            } else {
                stream.setProperty(left, then);
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
}
