package io.dynamokv.node.transport;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.version.MalformedException;
import io.dynamokv.node.port.PeerExecutor;
import io.dynamokv.node.wire.Frames;
import io.dynamokv.node.wire.GossipCodec;
import io.dynamokv.node.wire.GossipMessage;
import io.dynamokv.node.wire.Handshake;
import io.dynamokv.node.wire.LinkKind;
import io.dynamokv.node.wire.MessageCodec;
import io.dynamokv.node.wire.PeerMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The listening end of one link: the handshake, then requests to the node's shards, and their replies; a link of gossip leaves for the event
 * loop of gossip. A peer that says what it should not is cut off with one line in the log.
 */
final class PeerListener {
    private static final Logger LOG = Logger.getLogger(PeerListener.class);
    private static final int NONCE_BYTES = 16;

    /** What a node's listening ends share. */
    interface House {
        /** With the secret as it is now. */
        Handshake handshake();

        PeerExecutor executor();

        PeerIntake intake();

        /** What the links have yet to send is counted there. */
        AtomicLong unsent();

        /** @return why a node that has just proved itself is turned away */
        Optional<String> whyNot(Handshake.Identity caller);

        /** The node has proved itself, and is not turned away. */
        void proved(Handshake.Identity caller, LinkKind kind, String from);

        /** The caller's link is this node's to close from now on. */
        void opened(Handshake.Identity caller, AcceptedLinks.Link link);

        void closed(NodeId caller, AcceptedLinks.Link link);

        /** The listening end of a link of gossip is run where gossip is. */
        void gossip(Handshake.Identity caller, Channel channel, Frames frames);

        /** Hears a message that came by gossip; from any thread. */
        void gossiped(NodeId from, GossipMessage message);
    }

    private final Vertx vertx;
    private final NetSocket socket;
    private final House house;
    private final TransportSettings settings;
    private final Handshake handshake;
    private final Context context;
    private final Frames frames;
    private final Outbox outbox;
    private final long deadlineTimer;
    private Handshake.@Nullable Reception reception;
    private @Nullable NodeId peer;
    /** Null until the caller has been answered. */
    private @Nullable SendAge sendAge;

    private boolean leaving;
    private boolean resting;

    PeerListener(Vertx vertx, NetSocket socket, House house, TransportSettings settings) {
        this.vertx = vertx;
        this.socket = socket;
        this.house = house;
        this.settings = settings;
        handshake = house.handshake();
        context = vertx.getOrCreateContext();
        outbox = new Outbox(socket, context, house.unsent());
        socket.setWriteQueueMaxSize(settings.unfetchedBytesMax());
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
            if (leaving) {
                leaveIfGossip();
            } else {
                rest();
            }
        });
    }

    /** Neither more than can be worked off is taken in, nor more is asked for by a peer than it fetches. */
    private void rest() {
        if (resting) {
            return;
        }
        if (socket.writeQueueFull()) {
            resting = true;
            socket.pause();
            socket.drainHandler(drained -> goOn());
        } else if (house.intake().isFull()) {
            resting = true;
            socket.pause();
            house.intake().whenThereIsRoom(() -> context.runOnContext(nothing -> goOn()));
        }
    }

    private void goOn() {
        resting = false;
        socket.resume();
    }

    private void cut(String why) {
        LOG.warnf("Peer link from %s closed: %s", socket.remoteAddress(), why);
        vertx.cancelTimer(deadlineTimer);
        leaving = false;
        outbox.flush();
        socket.handler(null);
        socket.close();
    }

    private void frame(ByteBuf frame) {
        Handshake.Reception received = reception;
        NodeId proved = peer;
        if (received == null) {
            byte[] nonce = new byte[NONCE_BYTES];
            new SecureRandom().nextBytes(nonce);
            received = handshake.receive(frame, nonce);
            reception = received;
            outbox.addFrame(received.welcome());
            sendAge = new SendAge(nowMillis());
        } else if (proved == null) {
            received.check(frame);
            vertx.cancelTimer(deadlineTimer);
            welcome(received);
        } else if (received.kind() == LinkKind.GOSSIP) {
            house.gossiped(proved, GossipCodec.decode(frame));
        } else {
            int size = frame.readableBytes();
            message(proved, MessageCodec.decode(frame), size);
        }
    }

    private void welcome(Handshake.Reception received) {
        Handshake.Identity caller = received.caller();
        Optional<String> why = house.whyNot(caller);
        if (why.isPresent()) {
            outbox.addFrame(handshake.refusal(received, why.get()));
            throw new Handshake.RefusedException(why.get());
        }
        peer = caller.node();
        house.proved(caller, received.kind(), socket.remoteAddress().hostAddress());
        switch (received.kind()) {
            case REQUESTS, EXCHANGES -> {
                frames.allow(settings.frameBytesMax());
                var link = new AcceptedLinks.Link(caller.boot(), socket::close);
                house.opened(caller, link);
                socket.closeHandler(closed -> house.closed(caller.node(), link));
            }
            case GOSSIP -> {
                frames.allow(GossipCodec.FRAME_BYTES_MAX);
                leaving = true;
            }
        }
    }

    /**
     * A shard that is busy must not look like a node that is dead, so the link's bytes are read elsewhere from now on. What is left of the last
     * chunk goes along with the frames' reader.
     */
    private void leaveIfGossip() {
        Handshake.Reception received = reception;
        if (leaving && received != null) {
            leaving = false;
            Channel channel =
                    ((NetSocketInternal) socket).channelHandlerContext().channel();
            channel.config().setAutoRead(false);
            // After what Netty is doing with this chunk has come to its end.
            channel.eventLoop().execute(() -> {
                channel.pipeline().toMap().values().forEach(channel.pipeline()::remove);
                house.gossip(received.caller(), channel, frames);
            });
        }
    }

    /**
     * 1. A repair lies in a link that is stuck, or before a thread that is; 2. meanwhile its value is deleted, and the tombstone reaped; 3. the link moves
     * again. So what has lain for long is not read (rule T2).
     */
    private void requireFresh(PeerMessage message) {
        SendAge age = Objects.requireNonNull(sendAge, "the caller was answered");
        long nowMillis = nowMillis();
        if (message instanceof PeerMessage.Sent(long sentMillis)) {
            age.says(sentMillis, nowMillis);
        } else if (!age.hasBegun()) {
            throw new MalformedException("a caller says first when it sends");
        }
        if (age.millis(nowMillis) > settings.messageMillisMax()) {
            throw new Handshake.RefusedException("what lies in it was sent " + age.millis(nowMillis)
                    + " ms ago, at most " + settings.messageMillisMax() + " ms are allowed: it is not read");
        }
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** A client's request that is forwarded is counted as a client's: it waits for other nodes, which may wait for room here. */
    private void message(NodeId from, PeerMessage message, int size) {
        requireFresh(message);
        switch (message) {
            case PeerMessage.Sent _ -> {}
            case PeerMessage.Ping() -> outbox.add(new PeerMessage.Pong());
            case PeerMessage.Request request -> {
                PeerIntake intake = house.intake();
                int counted = request.body() instanceof PeerRequest.Execute ? 0 : size;
                intake.begin(counted);
                house.executor().execute(from, request.partition(), request.lastChanged(), request.body(), reply -> {
                    intake.end(counted);
                    outbox.addFromAnywhere(new PeerMessage.Reply(request.id(), reply));
                });
            }
            case PeerMessage.Pong _, PeerMessage.Reply _ ->
                throw new MalformedException(
                        "a caller does not answer: " + message.getClass().getSimpleName());
        }
    }
}
