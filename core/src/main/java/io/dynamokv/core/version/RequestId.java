package io.dynamokv.core.version;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The id of one client request in 128 bits, kept in the version that it made (rule W4), so that another coordinator's attempt at
 * the same request is known as such. Any text will do; a UUID in its usual form keeps its bits, other texts are hashed.
 */
public record RequestId(long high, long low) {
    private static final int UUID_TEXT_LENGTH = 36;

    public static RequestId of(String text) {
        if (text.length() == UUID_TEXT_LENGTH && isUuid(text)) {
            UUID uuid = UUID.fromString(text);
            return new RequestId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
        }
        ByteBuffer hash = ByteBuffer.wrap(Sha256.hash(text.getBytes(StandardCharsets.UTF_8)));
        return new RequestId(hash.getLong(), hash.getLong());
    }

    private static boolean isUuid(String text) {
        for (int i = 0; i < UUID_TEXT_LENGTH; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            char c = text.charAt(i);
            if (dash ? c != '-' : Character.digit(c, 16) < 0 || c > 'f') {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return new UUID(high, low).toString();
    }
}
