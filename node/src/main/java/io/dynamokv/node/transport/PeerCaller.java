package io.dynamokv.node.transport;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.version.MalformedException;
import io.dynamokv.node.port.PeerGate;
import io.dynamokv.node.wire.Frames;
import io.dynamokv.node.wire.Handshake;
import io.dynamokv.node.wire.LinkKind;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.net.ConnectException;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The calling end of one link to one peer, for one event loop alone: calls, proves who it is, and lets a {@link Conversation} speak. It
 * keeps calling until it is stopped: at once after a link broke, then with longer pauses.
 */
final class PeerCaller {
    private static final Logger LOG = Logger.getLogger(PeerCaller.class);
    private static final int REDIAL_MILLIS_MIN = 50;
    private static final int NONCE_BYTES = 16;
    /** So often in a row does a peer hang up without a word before this link's kind counts as unknown to it. */
    private static final int WORDLESS_MAX = 3;
    /** Each call costs such a peer a line in its log. A start of another release ends the pause, for it calls. */
    private static final int UNKNOWN_REDIAL_MILLIS_MIN = 60_000;

    private static final int UNKNOWN_REDIAL_DOUBLINGS_MAX = 4;

    /**
     * What all callers of one event loop share.
     *
     * @param handshakes with the secret as it is now
     */
    record Place(
            Vertx vertx,
            Context context,
            NetClient client,
            Supplier<Handshake> handshakes,
            PeerGate gate,
            TransportSettings settings,
            AtomicLong unsent) {}

    private final Place place;
    private final Vertx vertx;
    private final NodeId peer;
    private final Conversation conversation;
    private NodeAddress address;
    private @Nullable NetSocket socket;
    /** Not null once the peer has proved itself. */
    private Handshake.@Nullable Acceptance accepted;
    /** Where it last called from. */
    private @Nullable String seenAt;
    /** The start that last called. */
    private @Nullable BootId seenBoot;

    private int failures;
    private int wordless;
    private String lastComplaint = "";
    private boolean stopped;
    /** Null unless the next call is being waited for. */
    private @Nullable Long redialTimer;

    PeerCaller(Place place, NodeId peer, NodeAddress address, Conversation conversation) {
        this.place = place;
        this.peer = peer;
        this.address = address;
        this.conversation = conversation;
        vertx = place.vertx();
    }

    void call() {
        if (stopped || socket != null) {
            return;
        }
        NodeAddress called = address;
        place.client()
                .connect(called.peerPort(), called.host())
                .onSuccess(this::connected)
                .onFailure(failure -> {
                    if (failure instanceof ConnectException) {
                        conversation.refused(called);
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
        place.client()
                .connect(address.peerPort(), elsewhere)
                .onSuccess(this::connected)
                .onFailure(failure -> {
                    LOG.debugf(failure, "nobody at %s", elsewhere);
                    callAgain();
                });
    }

    private void callAgain() {
        if (!stopped && redialTimer == null) {
            long pauseMillis = isUnknownToPeer() ? unknownPauseMillis() : pauseMillis();
            failures++;
            redialTimer = vertx.setTimer(pauseMillis, timer -> {
                redialTimer = null;
                call();
            });
        }
    }

    private long pauseMillis() {
        return Math.min(
                (long) REDIAL_MILLIS_MIN << Math.min(failures, 10),
                place.settings().redialMillisMax());
    }

    private long unknownPauseMillis() {
        return (long) UNKNOWN_REDIAL_MILLIS_MIN << Math.min(wordless - WORDLESS_MAX, UNKNOWN_REDIAL_DOUBLINGS_MAX);
    }

    /** Every release has requests: there, whoever hangs up has a reason that may end any moment. */
    private boolean isUnknownToPeer() {
        return conversation.kind() != LinkKind.REQUESTS && wordless >= WORDLESS_MAX;
    }

    /** The peer itself uses links of this kind. */
    void isKnownToPeer() {
        wordless = 0;
    }

    /**
     * The peer has just proved itself from this address, so it is called back there, and by its name if nobody listens: a caller's address need not
     * be one that it listens on, and name servers may tell the old address for half a minute after a pod has moved. A link to an earlier start of it
     * leads nowhere, though nothing may have told so: a machine that loses its power says no goodbye.
     */
    void callNow(BootId boot, String from) {
        boolean isNewStart = !boot.equals(seenBoot);
        seenBoot = boot;
        seenAt = from;
        NetSocket open = socket;
        Handshake.Acceptance linked = accepted;
        if (open != null && linked != null && !linked.listener().boot().equals(boot)) {
            LOG.infof("Peer %s has started again and calls from %s", peer, from);
            drop(open);
            open.close();
        }
        if (isNewStart) {
            wordless = 0;
        }
        if (socket == null && !stopped && !isUnknownToPeer()) {
            stopWaiting();
            failures = 0;
            place.client()
                    .connect(address.peerPort(), from)
                    .onSuccess(this::connected)
                    .onFailure(failure -> {
                        LOG.debugf(failure, "nobody at %s", from);
                        if (redialTimer == null) {
                            call();
                        }
                    });
        }
    }

    private void stopWaiting() {
        if (redialTimer != null && vertx.cancelTimer(redialTimer)) {
            redialTimer = null;
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
        Handshake handshake = place.handshakes().get();
        byte[] hello = handshake.hello(conversation.kind(), nonce);
        var sending = new Outbox(opened, place.context(), place.unsent());
        var frames = new Frames[1];
        long deadline = vertx.setTimer(
                place.settings().connectTimeoutMillis(), timer -> cut(opened, "it did not prove itself in time"));
        frames[0] = new Frames(Handshake.FRAME_BYTES_MAX, frame -> {
            Handshake.Acceptance before = accepted;
            if (before == null) {
                Handshake.Acceptance listener = accept(handshake, hello, frame);
                sending.addFrame(listener.proof());
                sending.flush();
                vertx.cancelTimer(deadline);
                frames[0].allow(conversation.frameBytesMax());
                established(opened, sending, listener);
            } else {
                hear(handshake, before, frame);
            }
        });
        opened.exceptionHandler(failure -> LOG.debugf(failure, "link to %s failed", peer));
        opened.closeHandler(closed -> {
            vertx.cancelTimer(deadline);
            closedByPeer(opened);
        });
        opened.handler(chunk -> read(opened, frames[0], chunk));
        sending.addFrame(hello);
        sending.flush();
    }

    private Handshake.Acceptance accept(Handshake handshake, byte[] hello, ByteBuf frame) {
        Handshake.Acceptance acceptance = handshake.accept(hello, frame, peer);
        place.gate().whyNot(peer, acceptance.listener().boot()).ifPresent(why -> {
            throw new Handshake.RefusedException(why);
        });
        return acceptance;
    }

    private void hear(Handshake handshake, Handshake.Acceptance before, ByteBuf frame) {
        String why = handshake.refusedWith(before, frame);
        if (why == null) {
            conversation.hear(frame);
        } else {
            place.gate().turnedAwayBy(peer, why);
            throw new Handshake.RefusedException("it turns this node away: " + why);
        }
    }

    private void read(NetSocket from, Frames frames, Buffer chunk) {
        try {
            frames.read(NettyBytes.of(chunk));
            if (accepted != null) {
                conversation.heard();
            }
        } catch (MalformedException | Handshake.RefusedException e) {
            cut(from, String.valueOf(e.getMessage()));
        }
    }

    private void established(NetSocket opened, Outbox sending, Handshake.Acceptance listener) {
        accepted = listener;
        failures = 0;
        wordless = 0;
        lastComplaint = "";
        LOG.infof("%s link to %s at %s is up", name(), peer, opened.remoteAddress());
        conversation.begin(sending);
    }

    private String name() {
        return switch (conversation.kind()) {
            case REQUESTS -> "Peer";
            case GOSSIP -> "Gossip";
            case EXCHANGES -> "Exchange";
        };
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
            stopWaiting();
            if (socket == null) {
                call();
            } else {
                hangUp();
            }
        }
    }

    /** The peer may be there: called at once if it is not reached where it was called before. */
    void lookAt(NodeAddress elsewhere) {
        if (accepted == null && !isUnknownToPeer()) {
            moveTo(elsewhere);
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

    private void closedByPeer(NetSocket was) {
        if (was.equals(socket) && accepted == null && !stopped) {
            wordless++;
            if (wordless == WORDLESS_MAX) {
                complain(
                        "wordless",
                        "it hangs up on links of kind " + conversation.kind()
                                + " without a word; its own log says why");
            }
            if (isUnknownToPeer() && wordless == WORDLESS_MAX) {
                conversation.unknownToPeer();
            }
        }
        closed(was);
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
        if (accepted != null) {
            accepted = null;
            conversation.end();
        }
    }

    /** One line for each new kind of complaint, not for each attempt. */
    private void complain(String kind, String why) {
        if (!kind.equals(lastComplaint) && !stopped) {
            lastComplaint = kind;
            LOG.warnf("%s link to %s at %s:%d: %s", name(), peer, address.host(), address.peerPort(), why);
        }
    }
}
