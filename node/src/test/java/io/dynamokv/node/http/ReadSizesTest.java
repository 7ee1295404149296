package io.dynamokv.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.RequestDigest;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import org.junit.jupiter.api.Test;

class ReadSizesTest {
    private final ReadSizes sizes = new ReadSizes(8_000_000);

    private static VersionedRecord record(int bytes) {
        byte[] value = new byte[bytes];
        var content =
                new Content(new RequestId(1, 1), RequestDigest.of(value, "a/b", VersionVector.EMPTY), "a/b", value);
        var dot = new TimedDot(new Dot(new WriterId(5), 1), HybridTime.ofMillis(1));
        return VersionedRecord.EMPTY.update(VersionVector.EMPTY, dot, content);
    }

    private void found(int times, int bytes) {
        for (int i = 0; i < times; i++) {
            sizes.found(record(bytes));
        }
    }

    @Test
    void aReadIsTakenForWhatThoseBeforeItHeld() {
        assertEquals(4096, sizes.expected());
        found(100, 200_000);
        assertTrue(sizes.expected() > 190_000);
        found(100, 10);
        assertTrue(sizes.expected() < 10_000);
    }

    /** Else no read would ever be admitted, and nobody would learn that values are smaller now. */
    @Test
    void neverForMoreThanAnEighthOfWhatMayBeUnderWay() {
        found(100, 4_000_000);

        assertEquals(1_000_000, sizes.expected());
    }
}
