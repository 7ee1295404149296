package io.dynamokv.node.transport;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.version.MalformedException;
import io.dynamokv.node.port.PeerLinks;
import io.dynamokv.node.port.PeerObserver;
import io.dynamokv.node.wire.Frames;
import io.dynamokv.node.wire.Handshake;
import io.dynamokv.node.wire.MessageCodec;
import io.dynamokv.node.wire.PeerMessage;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.net.ConnectException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The calling end of one link to one peer, for one shard's event loop alone. It keeps calling until it is stopped: at once after a link
 * broke, then with longer pauses.
 */
final class PeerCaller {
    private static final Logger LOG = Logger.getLogger(PeerCaller.class);
    private static final int REDIAL_MILLIS_MIN = 50;
    private static final int NONCE_BYTES = 16;

    private record Waiting(PeerLinks.Listener listener) {}

    private final Vertx vertx;
    private final Context context;
    private final NetClient client;
    private final NodeId peer;
    private final Supplier<Handshake> handshakes;
    private final PeerObserver observer;
    private final TransportSettings settings;
    private final Map<Long, Waiting> waiting = new HashMap<>();
    private NodeAddress address;
    private @Nullable NetSocket socket;
    /** Not null once the peer has proved itself. */
    private @Nullable Outbox outbox;
    /** The start of the peer that the link leads to. */
    private @Nullable BootId linked;
    /** Where it last called from. */
    private @Nullable String seenAt;

    private long lastId;
    private int failures;
    private String lastComplaint = "";
    private boolean stopped;
    /** Null unless the next call is being waited for. */
    private @Nullable Long redialTimer;

    PeerCaller(
            Vertx vertx,
            Context context,
            NetClient client,
            NodeId peer,
            NodeAddress address,
            Supplier<Handshake> handshakes,
            PeerObserver observer,
            TransportSettings settings) {
        this.vertx = vertx;
        this.context = context;
        this.client = client;
        this.peer = peer;
        this.address = address;
        this.handshakes = handshakes;
        this.observer = observer;
        this.settings = settings;
    }

    NodeAddress address() {
        return address;
    }

    void call() {
        if (stopped || socket != null) {
            return;
        }
        client.connect(address.peerPort(), address.host())
                .onSuccess(this::connected)
                .onFailure(failure -> {
                    if (failure instanceof ConnectException) {
                        observer.refused(peer);
                    }
                    complain("cannot connect", failure.toString());
                    callWhereItWasSeen();
                });
    }

    private void callWhereItWasSeen() {
        String elsewhere = seenAt;
        if (stopped || socket != null) {
            return;
        }
        if (elsewhere == null || elsewhere.equals(address.host())) {
            callAgain();
            return;
        }
        client.connect(address.peerPort(), elsewhere).onSuccess(this::connected).onFailure(failure -> {
            LOG.debugf(failure, "nobody at %s", elsewhere);
            callAgain();
        });
    }

    private void callAgain() {
        if (!stopped && redialTimer == null) {
            long pauseMillis = Math.min((long) REDIAL_MILLIS_MIN << Math.min(failures, 10), settings.redialMillisMax());
            failures++;
            redialTimer = vertx.setTimer(pauseMillis, timer -> {
                redialTimer = null;
                call();
            });
        }
    }

    /**
     * The peer has just proved itself from this address, so it is called back there, and by its name if nobody listens: a caller's address need not
     * be one that it listens on, and name servers may tell the old address for half a minute after a pod has moved. A link to an earlier start of it
     * leads nowhere, though nothing may have told so: a machine that loses its power says no goodbye.
     */
    void callNow(BootId boot, String from) {
        seenAt = from;
        NetSocket open = socket;
        if (open != null && linked != null && !linked.equals(boot)) {
            LOG.infof("Peer %s has started again and calls from %s", peer, from);
            drop(open);
            open.close();
        }
        if (socket == null && !stopped) {
            if (redialTimer != null && vertx.cancelTimer(redialTimer)) {
                redialTimer = null;
            }
            failures = 0;
            client.connect(address.peerPort(), from).onSuccess(this::connected).onFailure(failure -> {
                LOG.debugf(failure, "nobody at %s", from);
                if (redialTimer == null) {
                    call();
                }
            });
        }
    }

    private void connected(NetSocket opened) {
        if (stopped || socket != null) {
            opened.close();
            return;
        }
        socket = opened;
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        Handshake handshake = handshakes.get();
        byte[] hello = handshake.hello(nonce);
        var sending = new Outbox(opened, context);
        var frames = new Frames[1];
        long deadline = vertx.setTimer(
                settings.connectTimeoutMillis(), timer -> cut(opened, "it did not prove itself in time"));
        frames[0] = new Frames(Handshake.FRAME_BYTES_MAX, frame -> {
            if (outbox == null) {
                Handshake.Acceptance accepted = handshake.accept(hello, frame, peer);
                sending.addFrame(accepted.proof());
                sending.flush();
                vertx.cancelTimer(deadline);
                frames[0].allow(settings.frameBytesMax());
                established(opened, sending, accepted.listener().boot());
            } else {
                message(frame);
            }
        });
        opened.exceptionHandler(failure -> LOG.debugf(failure, "link to %s failed", peer));
        opened.closeHandler(closed -> {
            vertx.cancelTimer(deadline);
            closed(opened);
        });
        opened.handler(chunk -> read(opened, frames[0], chunk));
        sending.addFrame(hello);
        sending.flush();
    }

    private void read(NetSocket from, Frames frames, Buffer chunk) {
        try {
            frames.read(NettyBytes.of(chunk));
            if (outbox != null) {
                observer.heard(peer);
            }
        } catch (MalformedException | Handshake.RefusedException e) {
            cut(from, String.valueOf(e.getMessage()));
        }
    }

    private void established(NetSocket opened, Outbox sending, BootId boot) {
        outbox = sending;
        linked = boot;
        failures = 0;
        lastComplaint = "";
        LOG.infof("Peer link to %s at %s is up", peer, opened.remoteAddress());
    }

    private void message(ByteBuf frame) {
        switch (MessageCodec.decode(frame)) {
            case PeerMessage.Reply reply -> {
                Waiting asked = waiting.remove(reply.id());
                if (asked != null) {
                    asked.listener().replied(peer, reply.body());
                }
            }
            case PeerMessage.Pong() -> {}
            case PeerMessage.Ping _, PeerMessage.Request _ -> throw new MalformedException("a listener does not ask");
        }
    }

    void send(int partition, Epoch lastChanged, PeerRequest request, PeerLinks.Listener listener) {
        Outbox to = outbox;
        if (to == null || to.queuedBytes() > settings.queuedBytesMax()) {
            context.runOnContext(nothing -> listener.lost(peer, false));
            return;
        }
        long id = ++lastId;
        waiting.put(id, new Waiting(listener));
        to.add(new PeerMessage.Request(id, partition, lastChanged, request));
    }

    void flush() {
        if (outbox != null) {
            outbox.flush();
        }
    }

    void ping() {
        if (outbox != null) {
            outbox.add(new PeerMessage.Ping());
            outbox.flush();
        }
    }

    /** Gives the link up and begins a new one; whoever waits is told at once. */
    void hangUp() {
        NetSocket open = socket;
        if (open != null) {
            cut(open, "the peer is down");
        }
    }

    /** The peer has moved. */
    void moveTo(NodeAddress newAddress) {
        if (!newAddress.equals(address)) {
            address = newAddress;
            seenAt = null;
            failures = 0;
            hangUp();
        }
    }

    void stop() {
        stopped = true;
        hangUp();
    }

    private void cut(NetSocket open, String why) {
        complain(why, why);
        open.handler(null);
        open.close();
        closed(open);
    }

    private void closed(NetSocket was) {
        if (!was.equals(socket)) {
            return;
        }
        drop(was);
        if (failures == 0 && !stopped) {
            failures = 1;
            call();
        } else {
            callAgain();
        }
    }

    /** Forgets a link; whoever waits is told at once. */
    private void drop(NetSocket link) {
        link.handler(null);
        socket = null;
        outbox = null;
        linked = null;
        List<Waiting> lost = new ArrayList<>(waiting.values());
        waiting.clear();
        lost.forEach(asked -> asked.listener().lost(peer, true));
    }

    /** One line for each new kind of complaint, not for each attempt. */
    private void complain(String kind, String why) {
        if (!kind.equals(lastComplaint) && !stopped) {
            lastComplaint = kind;
            LOG.warnf("Peer link to %s at %s:%d: %s", peer, address.host(), address.peerPort(), why);
        }
    }
}
