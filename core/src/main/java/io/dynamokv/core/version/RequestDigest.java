package io.dynamokv.core.version;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** What a request asked for, in 128 bits: its body, content type and context. Two requests with one id and two digests are two requests (rule W4). */
public record RequestDigest(long high, long low) {
    public static RequestDigest of(byte[] body, String contentType, VersionVector context) {
        MessageDigest sha = Sha256.digest();
        byte[] type = contentType.getBytes(StandardCharsets.UTF_8);
        ByteBuffer head = ByteBuffer.allocate(4 + type.length + 4 + 16 * context.size());
        head.putInt(type.length).put(type).putInt(context.size());
        for (int i = 0; i < context.size(); i++) {
            head.putLong(context.writerBitsAt(i)).putLong(context.counterAt(i));
        }
        sha.update(head.flip());
        ByteBuffer hash = ByteBuffer.wrap(sha.digest(body));
        return new RequestDigest(hash.getLong(), hash.getLong());
    }
}
