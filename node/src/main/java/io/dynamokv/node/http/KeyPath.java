package io.dynamokv.node.http;

import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Key;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads bucket and key from the raw path. By hand, because a key may hold anything, slashes and dots included, and routers normalise.
 */
final class KeyPath {
    static final String PREFIX = "/v1/kv/";

    private static final String SET_ASIDE = "dynamokv.path";

    private KeyPath() {}

    /** Whether a router would make another path of it. */
    static boolean mayBeMisread(String rawPath) {
        return rawPath.contains("/.") || rawPath.contains("//") || rawPath.contains("%2e") || rawPath.contains("%2E");
    }

    static void setAside(RoutingContext context, String rawPath) {
        context.put(SET_ASIDE, rawPath);
    }

    static boolean wasSetAside(RoutingContext context) {
        return context.get(SET_ASIDE) != null;
    }

    /** The path as the client sent it. */
    static String of(RoutingContext context) {
        String setAside = context.get(SET_ASIDE);
        return setAside == null ? context.request().path() : setAside;
    }

    static Key parse(String rawPath, int keyBytesMax) throws BadInputException {
        String rest = rawPath.startsWith(PREFIX) ? rawPath.substring(PREFIX.length()) : "";
        int slash = rest.indexOf('/');
        String bucket = decode(slash < 0 ? rest : rest.substring(0, slash), "bucket");
        if (!Bucket.NAME.matcher(bucket).matches()) {
            throw new BadInputException(
                    400,
                    "bucket",
                    Bucket.NAME.pattern(),
                    "A bucket's name has 1 to 63 characters of a-z, 0-9, '.', '_' and '-'"
                            + " and begins with a letter or digit");
        }
        String name = slash < 0 ? "" : decode(rest.substring(slash + 1), "key");
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > keyBytesMax) {
            throw new BadInputException(
                    bytes < 1 ? 400 : 414,
                    "key",
                    "1.." + keyBytesMax + " bytes",
                    "A key has 1 to " + keyBytesMax + " bytes in UTF-8, this one has " + bytes);
        }
        return new Key(bucket, name);
    }

    private static String decode(String raw, String field) throws BadInputException {
        boolean plain = true;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            plain &= c != '%' && c < 0x80;
        }
        return plain ? raw : decodeBytes(raw, field);
    }

    private static String decodeBytes(String raw, String field) throws BadInputException {
        // A request's line comes as one character for each byte. curl sends what is typed, most others encode it: both
        // mean the same key.
        byte[] from = raw.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer to = ByteBuffer.allocate(from.length);
        for (int i = 0; i < from.length; i++) {
            if (from[i] == '%') {
                int high = i + 2 < from.length ? Character.digit(from[i + 1], 16) : -1;
                int low = i + 2 < from.length ? Character.digit(from[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw broken(field);
                }
                to.put((byte) (high << 4 | low));
                i += 2;
            } else {
                to.put(from[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(to.flip()).toString();
        } catch (CharacterCodingException _) {
            throw broken(field);
        }
    }

    private static BadInputException broken(String field) {
        return new BadInputException(
                400, field, "percent-encoded UTF-8", "The " + field + " is not percent-encoded UTF-8");
    }
}
