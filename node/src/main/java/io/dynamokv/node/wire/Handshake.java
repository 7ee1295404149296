package io.dynamokv.node.wire;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.ClusterSecret;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.version.MalformedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * How two nodes begin a link: both name their cluster, their id and their start, and prove that they hold the cluster's secret
 * by a code over both sides' words and fresh random bytes. Neither says anything else before the other has proved itself.
 *
 * <pre>
 * caller    Hello   format(1) version:1 kind:1 keyId self nonce:16
 * listener  Welcome format(1) version:1 self nonce:16 code:32    code over "listener", Hello, Welcome up to the code
 * caller    Proof   format(1) code:32                            code over "caller", Hello, Welcome
 * listener  Refusal 0 code:32 text                               code over "refusal", Hello, Welcome, text
 * </pre>
 *
 * <p>The Refusal is the listener's last word to a node that proved itself and is turned away none the less (rule N3). No message begins with
 * its first byte, so a caller that does not know it hangs up.
 *
 * Not for several threads at once.
 */
public final class Handshake {
    /** Longest frame of a handshake. */
    public static final int FRAME_BYTES_MAX = 512;

    private static final byte FORMAT = 1;
    private static final byte REFUSAL = 0;
    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 16;
    private static final int CODE_BYTES = 32;
    private static final String PURPOSE = "dynamokv peer link 1";

    /** Who speaks. */
    public record Identity(ClusterId cluster, NodeId node, BootId boot) {}

    /** A handshake that ends here; the message says why, for the log. */
    public static final class RefusedException extends RuntimeException {
        public RefusedException(String message) {
            super(message);
        }
    }

    /**
     * The listener's answer to a Hello: what to send, and the code that the caller's Proof must have.
     *
     * @param keyId of the secret's key that the caller signs with
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Reception(
            Identity caller, LinkKind kind, String keyId, byte[] hello, byte[] welcome, byte[] expectedProof) {
        public void check(ByteBuf proofFrame) {
            byte[] proof = ByteBufUtil.getBytes(proofFrame);
            if (!MessageDigest.isEqual(expectedProof, proof)) {
                throw new RefusedException("node " + caller.node() + " does not hold this cluster's secret");
            }
        }
    }

    /** The caller's answer to a Welcome: what to send, and who listens. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Acceptance(Identity listener, byte[] hello, byte[] welcome, byte[] proof) {}

    private final Identity self;
    private final Map<String, Mac> codes;
    private final String signingKeyId;

    public Handshake(Identity self, ClusterSecret secret) {
        this.self = self;
        codes = secret.codesFor(PURPOSE);
        signingKeyId = secret.signingKeyId();
    }

    /** @param nonce fresh random bytes */
    public byte[] hello(LinkKind kind, byte[] nonce) {
        requireNonce(nonce);
        ByteBuf to = Unpooled.buffer(FRAME_BYTES_MAX);
        to.writeByte(FORMAT).writeByte(VERSION).writeByte(kind.code());
        byte[] keyId = signingKeyId.getBytes(StandardCharsets.US_ASCII);
        to.writeByte(keyId.length).writeBytes(keyId);
        write(to, self);
        to.writeBytes(nonce);
        return ByteBufUtil.getBytes(to);
    }

    /** The listener's part. */
    public Reception receive(ByteBuf helloFrame, byte[] nonce) {
        requireNonce(nonce);
        byte[] hello = ByteBufUtil.getBytes(helloFrame);
        try {
            requireVersion(helloFrame);
            LinkKind kind = LinkKind.of(helloFrame.readByte());
            String keyId = readKeyId(helloFrame);
            Mac mac = codeFor(keyId);
            Identity caller = readIdentity(helloFrame);
            helloFrame.skipBytes(NONCE_BYTES);
            requireEnd(helloFrame);
            requireSameCluster(caller);
            ByteBuf to = Unpooled.buffer(FRAME_BYTES_MAX);
            to.writeByte(FORMAT).writeByte(VERSION);
            write(to, self);
            to.writeBytes(nonce);
            to.writeBytes(code(mac, "listener", hello, ByteBufUtil.getBytes(to)));
            byte[] welcome = ByteBufUtil.getBytes(to);
            return new Reception(caller, kind, keyId, hello, welcome, proof(mac, hello, welcome));
        } catch (IndexOutOfBoundsException _) {
            throw new RefusedException("a Hello is cut off");
        }
    }

    /** The caller's part: checks the Welcome. */
    public Acceptance accept(byte[] hello, ByteBuf welcomeFrame, NodeId expected) {
        byte[] welcome = ByteBufUtil.getBytes(welcomeFrame);
        try {
            requireVersion(welcomeFrame);
            Identity listener = readIdentity(welcomeFrame);
            welcomeFrame.skipBytes(NONCE_BYTES + CODE_BYTES);
            requireEnd(welcomeFrame);
            Mac mac = codeFor(signingKeyId);
            byte[] said = Arrays.copyOf(welcome, welcome.length - CODE_BYTES);
            byte[] given = Arrays.copyOfRange(welcome, said.length, welcome.length);
            if (!MessageDigest.isEqual(code(mac, "listener", hello, said), given)) {
                throw new RefusedException("the listener does not hold this cluster's secret");
            }
            requireSameCluster(listener);
            if (!listener.node().equals(expected)) {
                throw new RefusedException("node " + listener.node() + " listens where " + expected + " was expected");
            }
            return new Acceptance(listener, hello, welcome, proof(mac, hello, welcome));
        } catch (IndexOutOfBoundsException _) {
            throw new RefusedException("a Welcome is cut off");
        }
    }

    /** The listener's last word: why it turns away a caller that has proved itself. */
    public byte[] refusal(Reception reception, String why) {
        byte[] text = why.getBytes(StandardCharsets.UTF_8);
        byte[] said = concatenated(reception.welcome(), text);
        ByteBuf to = Unpooled.buffer(1 + CODE_BYTES + text.length);
        to.writeByte(REFUSAL);
        to.writeBytes(code(codeFor(reception.keyId()), "refusal", reception.hello(), said));
        to.writeBytes(text);
        return ByteBufUtil.getBytes(to);
    }

    /**
     * The caller's part: why the listener turns it away, or null if the frame is anything else.
     *
     * @throws RefusedException if somebody else says so
     */
    public @Nullable String refusedWith(Acceptance acceptance, ByteBuf frame) {
        if (!frame.isReadable() || frame.getByte(frame.readerIndex()) != REFUSAL) {
            return null;
        }
        byte[] refusal = ByteBufUtil.getBytes(frame);
        if (refusal.length < 1 + CODE_BYTES) {
            throw new RefusedException("a Refusal is cut off");
        }
        byte[] given = Arrays.copyOfRange(refusal, 1, 1 + CODE_BYTES);
        byte[] text = Arrays.copyOfRange(refusal, 1 + CODE_BYTES, refusal.length);
        byte[] said = concatenated(acceptance.welcome(), text);
        if (!MessageDigest.isEqual(code(codeFor(signingKeyId), "refusal", acceptance.hello(), said), given)) {
            throw new RefusedException("a Refusal that the listener did not sign");
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] proof(Mac mac, byte[] hello, byte[] welcome) {
        byte[] code = code(mac, "caller", hello, welcome);
        byte[] proof = new byte[1 + CODE_BYTES];
        proof[0] = FORMAT;
        System.arraycopy(code, 0, proof, 1, CODE_BYTES);
        return proof;
    }

    private static byte[] code(Mac mac, String role, byte[] hello, byte[] welcome) {
        mac.update(role.getBytes(StandardCharsets.US_ASCII));
        mac.update((byte) 0);
        mac.update((byte) (hello.length >>> 8));
        mac.update((byte) hello.length);
        mac.update(hello);
        return mac.doFinal(welcome);
    }

    private Mac codeFor(String keyId) {
        Mac mac = codes.get(keyId);
        if (mac == null) {
            throw new RefusedException("the secret's key '" + printable(keyId) + "' is not known here");
        }
        return mac;
    }

    /** A stranger's words go to the log, where they must not look like lines of their own. */
    private static String printable(String text) {
        return text.replaceAll("[^!-~]", "?");
    }

    private void requireSameCluster(Identity other) {
        if (!other.cluster().equals(self.cluster())) {
            throw new RefusedException("node " + other.node() + " belongs to cluster " + other.cluster()
                    + ", this one to " + self.cluster());
        }
    }

    private static void requireVersion(ByteBuf from) {
        byte format = from.readByte();
        byte version = from.readByte();
        if (format != FORMAT || version != VERSION) {
            throw new RefusedException("unknown format " + format + " or version " + version + " of a handshake");
        }
    }

    private static void requireEnd(ByteBuf from) {
        if (from.isReadable()) {
            throw new MalformedException(from.readableBytes() + " bytes behind a handshake's message");
        }
    }

    private static void requireNonce(byte[] nonce) {
        if (nonce.length != NONCE_BYTES) {
            throw new IllegalArgumentException("a nonce has " + NONCE_BYTES + " bytes, not " + nonce.length);
        }
    }

    private static String readKeyId(ByteBuf from) {
        byte[] keyId = new byte[from.readUnsignedByte()];
        from.readBytes(keyId);
        return new String(keyId, StandardCharsets.US_ASCII);
    }

    private static void write(ByteBuf to, Identity identity) {
        write(to, identity.cluster().value());
        write(to, identity.node().value());
        to.writeLong(identity.boot().number()).writeLong(identity.boot().random());
    }

    private static void write(ByteBuf to, UUID uuid) {
        to.writeLong(uuid.getMostSignificantBits()).writeLong(uuid.getLeastSignificantBits());
    }

    private static Identity readIdentity(ByteBuf from) {
        var cluster = new ClusterId(new UUID(from.readLong(), from.readLong()));
        var node = new NodeId(new UUID(from.readLong(), from.readLong()));
        long number = from.readLong();
        if (number < 1) {
            throw new RefusedException("a boot number of " + number);
        }
        return new Identity(cluster, node, new BootId(number, from.readLong()));
    }
}
