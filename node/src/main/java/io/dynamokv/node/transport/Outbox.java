package io.dynamokv.node.transport;

import io.dynamokv.node.wire.Frames;
import io.dynamokv.node.wire.GossipCodec;
import io.dynamokv.node.wire.GossipMessage;
import io.dynamokv.node.wire.MessageCodec;
import io.dynamokv.node.wire.PeerMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What a link has to send: messages collect in one buffer and go out together, because one write for many messages costs a fraction of many
 * writes. On the link's event loop, except where it says otherwise.
 */
final class Outbox {
    private static final int BUFFER_BYTES = 8 << 10;

    private final Wire wire;
    private final EventLoop loop;
    private final AtomicLong unsent;
    private final MpscUnboundedArrayQueue<PeerMessage> fromElsewhere = new MpscUnboundedArrayQueue<>(256);
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private @Nullable ByteBuf pending;
    private int queuedBytes;

    /** @param unsent counts the bytes that peers have not taken yet, of all links that share it */
    Outbox(Wire wire, EventLoop loop, AtomicLong unsent) {
        this.wire = wire;
        this.loop = loop;
        this.unsent = unsent;
    }

    Outbox(Wire wire, EventLoop loop) {
        this(wire, loop, new AtomicLong());
    }

    Outbox(NetSocket socket, Context context, AtomicLong unsent) {
        this(Wire.of(socket), ((ContextInternal) context).nettyEventLoop(), unsent);
    }

    /** Nothing waits for the next flush. */
    boolean isFlushed() {
        return pending == null;
    }

    void add(PeerMessage message) {
        MessageCodec.encode(message, buffer());
    }

    /** What the operating system does not take at once is not worth sending later: nothing is added behind it, and false is the answer. */
    boolean addOrLose(GossipMessage message) {
        if (queuedBytes > 0) {
            return false;
        }
        GossipCodec.encode(message, buffer());
        return true;
    }

    void addFrame(byte[] bytes) {
        ByteBuf to = buffer();
        int start = Frames.begin(to);
        to.writeBytes(bytes);
        Frames.end(to, start);
    }

    /** From any thread; flushes by itself, once for all that came meanwhile. */
    void addFromAnywhere(PeerMessage message) {
        if (loop.inEventLoop()) {
            add(message);
            if (scheduled.compareAndSet(false, true)) {
                loop.execute(this::drain);
            }
            return;
        }
        fromElsewhere.offer(message);
        if (scheduled.compareAndSet(false, true)) {
            loop.execute(this::drain);
        }
    }

    private void drain() {
        scheduled.set(false);
        PeerMessage message = fromElsewhere.poll();
        while (message != null) {
            add(message);
            message = fromElsewhere.poll();
        }
        flush();
    }

    void flush() {
        ByteBuf bytes = pending;
        if (bytes != null) {
            pending = null;
            int size = bytes.readableBytes();
            queuedBytes += size;
            unsent.addAndGet(size);
            wire.write(bytes, () -> {
                queuedBytes -= size;
                unsent.addAndGet(-size);
            });
        }
    }

    /** Lets go of what was not sent; the link is gone. */
    void discard() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }

    /** Bytes that the peer has not taken yet. */
    int queuedBytes() {
        return queuedBytes + (pending == null ? 0 : pending.readableBytes());
    }

    private ByteBuf buffer() {
        ByteBuf to = pending;
        if (to == null) {
            to = PooledByteBufAllocator.DEFAULT.directBuffer(BUFFER_BYTES);
            pending = to;
        }
        return to;
    }
}
