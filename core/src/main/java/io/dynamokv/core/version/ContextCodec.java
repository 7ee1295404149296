package io.dynamokv.core.version;

import io.dynamokv.core.cluster.ClusterSecret;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * The causal context as clients carry it: the vector with a short code over (bucket, key, vector), so that a client can neither
 * forge one nor use that of another key (rules D4 and D7). Not for several threads at once.
 *
 * <pre>context = base64url( format(1) keyIdLength:1 keyId vector code:12 )</pre>
 */
public final class ContextCodec {
    private static final byte FORMAT = 1;
    private static final int CODE_BYTES = 12;
    private static final String PURPOSE = "dynamokv context 1";

    /** What became of a text that claims to be a context. */
    public sealed interface Opened {
        record Valid(VersionVector vector) implements Opened {}

        /** Not a context of this key: broken, forged, or another key's. */
        record Forged(String why) implements Opened {}

        /** Signed with a key that is no longer listed: the client should read again. */
        record UnknownKey(String keyId) implements Opened {}
    }

    private final Map<String, Mac> codes;
    private final byte[] signingKeyId;
    private final Mac signing;

    public ContextCodec(ClusterSecret secret) {
        codes = secret.codesFor(PURPOSE);
        signingKeyId = secret.signingKeyId().getBytes(StandardCharsets.US_ASCII);
        Mac first = codes.get(secret.signingKeyId());
        if (first == null) {
            throw new IllegalStateException("the secret has no signing key");
        }
        signing = first;
    }

    public String seal(String bucket, String key, VersionVector vector) {
        ByteBuffer to = ByteBuffer.allocate(2 + signingKeyId.length + RecordCodec.size(vector) + CODE_BYTES);
        to.put(FORMAT).put((byte) signingKeyId.length).put(signingKeyId);
        int start = to.position();
        RecordCodec.encode(vector, to);
        byte[] code = code(signing, bucket, key, to.array(), start, to.position());
        to.put(code, 0, CODE_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(to.array());
    }

    public Opened open(String bucket, String key, String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            return new Opened.Forged("it is not base64url");
        }
        try {
            return open(bucket, key, bytes);
        } catch (BufferUnderflowException _) {
            return new Opened.Forged("it is cut off");
        } catch (MalformedException e) {
            return new Opened.Forged(String.valueOf(e.getMessage()));
        }
    }

    private Opened open(String bucket, String key, byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        byte format = from.get();
        if (format != FORMAT) {
            return new Opened.Forged("its format is not known");
        }
        byte[] keyIdBytes = new byte[Math.min(Byte.toUnsignedInt(from.get()), from.remaining())];
        from.get(keyIdBytes);
        int start = from.position();
        int end = from.limit() - CODE_BYTES;
        if (end <= start) {
            return new Opened.Forged("it is cut off");
        }
        String keyId = new String(keyIdBytes, StandardCharsets.US_ASCII);
        @Nullable Mac mac = codes.get(keyId);
        if (mac == null) {
            return new Opened.UnknownKey(keyId);
        }
        byte[] expected = Arrays.copyOf(code(mac, bucket, key, bytes, start, end), CODE_BYTES);
        byte[] given = Arrays.copyOfRange(bytes, end, bytes.length);
        if (!MessageDigest.isEqual(expected, given)) {
            return new Opened.Forged("it was not made for this bucket and key by this cluster");
        }
        VersionVector vector = RecordCodec.decodeVector(from.limit(end));
        return from.hasRemaining() ? new Opened.Forged("bytes follow its vector") : new Opened.Valid(vector);
    }

    private static byte[] code(Mac mac, String bucket, String key, byte[] bytes, int start, int end) {
        byte[] bucketBytes = bucket.getBytes(StandardCharsets.UTF_8);
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(8)
                .putInt(bucketBytes.length)
                .putInt(keyBytes.length)
                .flip());
        mac.update(bucketBytes);
        mac.update(keyBytes);
        mac.update(bytes, start, end - start);
        return mac.doFinal();
    }
}
