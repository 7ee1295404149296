package io.dynamokv.core.simulation;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.RequestDigest;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Short words for the tests of the machines: {@code node("a")}, {@code content("milk")}. */
public final class Samples {
    public static final int PARTITION = 7;
    public static final VersionVector NOTHING = VersionVector.EMPTY;

    private Samples() {}

    /** The node that is called so; the letters' order is the nodes' order. */
    public static NodeId node(String name) {
        long bits = 0;
        for (byte letter : name.getBytes(StandardCharsets.US_ASCII)) {
            bits = bits << 8 | letter;
        }
        return new NodeId(new UUID(0, bits));
    }

    public static StoreKey storeKey(String name) {
        return new StoreKey(PARTITION, new Key("cart", name));
    }

    /** What a blind put of this text wrote; the same text is the same request. */
    public static Content content(String text) {
        return content(text, text, NOTHING);
    }

    public static Content content(String requestId, String text, VersionVector context) {
        byte[] value = text.getBytes(StandardCharsets.UTF_8);
        var digest = RequestDigest.of(value, "text/plain", context);
        return new Content(RequestId.of(requestId), digest, "text/plain", value);
    }

    /** The values that a reader of the record sees, in the order of their texts. */
    public static List<String> textsIn(VersionedRecord record) {
        return record.siblings().stream()
                .map(sibling -> new String(sibling.content().value(), StandardCharsets.UTF_8))
                .sorted()
                .toList();
    }
}
