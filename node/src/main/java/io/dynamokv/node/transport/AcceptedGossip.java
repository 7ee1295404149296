package io.dynamokv.node.transport;

import io.dynamokv.core.version.MalformedException;
import io.dynamokv.node.wire.Frames;
import io.dynamokv.node.wire.GossipMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import org.jboss.logging.Logger;

/**
 * The listening end of a link of gossip. It begins as any other, on whatever event loop accepted it, and is moved to that of gossip once it
 * is known what it is; Vert.x, whose sockets never move, has let go of it by then.
 */
final class AcceptedGossip extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = Logger.getLogger(AcceptedGossip.class);

    private final Channel channel;
    private final Frames frames;
    private final Outbox outbox;

    private AcceptedGossip(Channel channel, EventLoop loop, Frames frames) {
        this.channel = channel;
        this.frames = frames;
        outbox = new Outbox(Wire.of(channel), loop);
    }

    /**
     * From the channel's old event loop, with nothing in its pipeline.
     *
     * @param onClose is called once, on the new event loop or, if the channel never gets there, on the old one
     */
    static AcceptedGossip move(Channel channel, EventLoop loop, Frames frames, Runnable onClose) {
        var accepted = new AcceptedGossip(channel, loop, frames);
        var _ = channel.closeFuture().addListener(closed -> onClose.run());
        var _ = channel.deregister().addListener(left -> accepted.arrive(loop));
        return accepted;
    }

    private void arrive(EventLoop loop) {
        var _ = loop.register(channel).addListener(registered -> {
            if (registered.isSuccess()) {
                channel.pipeline().addLast(this);
                channel.config().setAutoRead(true);
            } else if (channel.isOpen()) {
                LOG.warnf(registered.cause(), "a link of gossip cannot change its event loop");
                var _ = channel.close();
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object chunk) {
        var bytes = (ByteBuf) chunk;
        try {
            frames.read(bytes);
        } catch (MalformedException e) {
            LOG.warnf("Gossip link from %s closed: %s", channel.remoteAddress(), e.getMessage());
            var _ = channel.close();
        } finally {
            bytes.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        LOG.debugf(failure, "gossip link from %s failed", channel.remoteAddress());
        var _ = channel.close();
    }

    boolean send(GossipMessage message) {
        return outbox.addOrLose(message);
    }

    void flush() {
        outbox.flush();
    }

    void close() {
        var _ = channel.close();
    }
}
