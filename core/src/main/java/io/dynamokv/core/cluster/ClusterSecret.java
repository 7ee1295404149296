package io.dynamokv.core.cluster;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the members of a cluster share: keys by id. The first one signs, all verify (rule D7), so a secret is replaced by putting
 * the new key behind the old one everywhere, then in front of it, then by taking the old one away.
 */
public final class ClusterSecret {
    private static final Pattern KEY_ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
    private static final int KEY_BYTES_MIN = 16;
    private static final String ALGORITHM = "HmacSHA256";

    private final Map<String, byte[]> keys;

    private ClusterSecret(Map<String, byte[]> keys) {
        this.keys = Collections.unmodifiableMap(keys);
    }

    /** @param text lines of {@code keyId:hex}; empty lines and lines that begin with {@code #} do not count */
    public static ClusterSecret parse(String text) {
        var keys = new LinkedHashMap<String, byte[]>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                addKey(keys, line);
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("the secret has no line of the form keyId:hex");
        }
        return new ClusterSecret(keys);
    }

    private static void addKey(Map<String, byte[]> keys, String line) {
        int colon = line.indexOf(':');
        String id = line.substring(0, Math.max(colon, 0));
        if (!KEY_ID.matcher(id).matches()) {
            throw new IllegalArgumentException("a line of the secret must be keyId:hex with an id like " + KEY_ID);
        }
        byte[] key;
        try {
            key = HexFormat.of().parseHex(line.substring(colon + 1));
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("the key '" + id + "' of the secret is not hexadecimal");
        }
        if (key.length < KEY_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "the key '" + id + "' of the secret must have at least " + 2 * KEY_BYTES_MIN + " hex digits");
        }
        if (keys.putIfAbsent(id, key) != null) {
            throw new IllegalArgumentException("the secret has two keys with the id '" + id + "'");
        }
    }

    public String signingKeyId() {
        return keys.keySet().iterator().next();
    }

    /** The bearer token of the admin API: the hex of the signing key. */
    public String bearerToken() {
        return HexFormat.of().formatHex(keys.values().iterator().next());
    }

    /** Whether the token is the hex of any of the keys, in small or capital digits. Takes the same time for every wrong token of the same length. */
    public boolean isBearerToken(String token) {
        byte[] given = token.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        boolean found = false;
        for (byte[] key : keys.values()) {
            byte[] expected = HexFormat.of().formatHex(key).getBytes(StandardCharsets.UTF_8);
            found |= MessageDigest.isEqual(expected, given);
        }
        return found;
    }

    /** For each key id a code that authenticates messages for one purpose; no key serves two purposes. */
    public Map<String, Mac> codesFor(String purpose) {
        var codes = new LinkedHashMap<String, Mac>();
        keys.forEach((id, key) -> {
            byte[] derived = mac(key).doFinal(purpose.getBytes(StandardCharsets.UTF_8));
            codes.put(id, mac(derived));
        });
        return Collections.unmodifiableMap(codes);
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("a key of bytes is always valid for " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "ClusterSecret" + keys.keySet();
    }
}
