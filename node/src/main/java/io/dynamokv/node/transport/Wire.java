package io.dynamokv.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.vertx.core.net.NetSocket;

/** Where a link's bytes go. */
interface Wire {
    /**
     * Takes the bytes over, and releases them.
     *
     * @param gone is called once the operating system has them, or the link is broken
     */
    void write(ByteBuf bytes, Runnable gone);

    static Wire of(NetSocket socket) {
        // Vert.x never releases what it was given to write: without this the pool runs dry within a minute of load.
        return (bytes, gone) -> socket.write(NettyBytes.wrap(bytes)).onComplete(written -> {
            gone.run();
            bytes.release();
        });
    }

    static Wire of(Channel channel) {
        return (bytes, gone) -> {
            var _ = channel.writeAndFlush(bytes).addListener(written -> gone.run());
        };
    }
}
