package io.dynamokv.node.transport;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;

/** Netty's buffers inside of Vert.x's: wrapping them saves a copy of every message. Vert.x 5 has other methods for this, hence the one place. */
final class NettyBytes {
    private NettyBytes() {}

    @SuppressWarnings("deprecation")
    static ByteBuf of(Buffer buffer) {
        return buffer.getByteBuf();
    }

    @SuppressWarnings("deprecation")
    static Buffer wrap(ByteBuf bytes) {
        return Buffer.buffer(bytes);
    }
}
