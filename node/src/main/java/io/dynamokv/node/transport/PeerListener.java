package io.dynamokv.node.transport;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.version.MalformedException;
import io.dynamokv.node.port.PeerExecutor;
import io.dynamokv.node.wire.Frames;
import io.dynamokv.node.wire.Handshake;
import io.dynamokv.node.wire.MessageCodec;
import io.dynamokv.node.wire.PeerMessage;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.security.SecureRandom;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The listening end of one link: the handshake, then requests to the node's shards, and their replies. A peer that says what it should not
 * is cut off with one line in the log.
 */
final class PeerListener {
    private static final Logger LOG = Logger.getLogger(PeerListener.class);

    private final NetSocket socket;
    private final Context context;
    private final Handshake handshake;
    private final PeerExecutor executor;
    private final BiConsumer<Handshake.Identity, String> onProved;
    private final TransportSettings settings;
    private final Frames frames;
    private final Outbox outbox;
    private final long deadlineTimer;
    private final Vertx vertx;
    private Handshake.@Nullable Reception reception;
    private @Nullable NodeId peer;

    /** @param onProved hears who calls and from where, once it has proved itself */
    PeerListener(
            Vertx vertx,
            NetSocket socket,
            Handshake handshake,
            PeerExecutor executor,
            BiConsumer<Handshake.Identity, String> onProved,
            TransportSettings settings) {
        this.vertx = vertx;
        this.socket = socket;
        this.handshake = handshake;
        this.executor = executor;
        this.onProved = onProved;
        this.settings = settings;
        context = vertx.getOrCreateContext();
        outbox = new Outbox(socket, context);
        frames = new Frames(Handshake.FRAME_BYTES_MAX, this::frame);
        deadlineTimer =
                vertx.setTimer(settings.connectTimeoutMillis(), timer -> cut("it did not prove itself in time"));
    }

    void begin() {
        socket.exceptionHandler(failure -> LOG.debugf(failure, "link from %s failed", socket.remoteAddress()));
        socket.closeHandler(closed -> vertx.cancelTimer(deadlineTimer));
        socket.handler(chunk -> {
            try {
                frames.read(NettyBytes.of(chunk));
            } catch (MalformedException | Handshake.RefusedException e) {
                cut(String.valueOf(e.getMessage()));
            }
            outbox.flush();
        });
    }

    private void cut(String why) {
        LOG.warnf("Peer link from %s closed: %s", socket.remoteAddress(), why);
        socket.handler(null);
        socket.close();
    }

    private void frame(ByteBuf frame) {
        Handshake.Reception received = reception;
        if (received == null) {
            byte[] nonce = new byte[16];
            new SecureRandom().nextBytes(nonce);
            received = handshake.receive(frame, nonce);
            reception = received;
            outbox.addFrame(received.welcome());
        } else if (peer == null) {
            received.check(frame);
            peer = received.caller().node();
            frames.allow(settings.frameBytesMax());
            vertx.cancelTimer(deadlineTimer);
            onProved.accept(received.caller(), socket.remoteAddress().hostAddress());
        } else {
            message(peer, MessageCodec.decode(frame));
        }
    }

    private void message(NodeId from, PeerMessage message) {
        switch (message) {
            case PeerMessage.Ping() -> outbox.add(new PeerMessage.Pong());
            case PeerMessage.Request request ->
                executor.execute(
                        from,
                        request.partition(),
                        request.lastChanged(),
                        request.body(),
                        reply -> outbox.addFromAnywhere(new PeerMessage.Reply(request.id(), reply)));
            case PeerMessage.Pong _, PeerMessage.Reply _ ->
                throw new MalformedException(
                        "a caller does not answer: " + message.getClass().getSimpleName());
        }
    }
}
