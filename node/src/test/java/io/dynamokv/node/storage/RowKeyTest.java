package io.dynamokv.node.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.version.MalformedException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowKeyTest {
    @Test
    void hasTheBytesOfFormatOne() {
        assertEquals("01020000000000000001056361727473c3a4", hex(Samples.key(0x0102, "ä")));
        assertEquals("ffff000000000000000100", hex(new StoreKey(0xFFFF, new Key("", ""))));
    }

    /** Rule V4: a holding is one range. */
    @Test
    void rowsOfOnePartitionLieTogetherInTheOrderOfPartitions() {
        byte[] first = RowKey.of(Samples.key(1, "zzz"));
        byte[] second = RowKey.of(Samples.key(0x80, "a"));
        byte[] third = RowKey.of(Samples.key(0x8000, "a"));

        assertTrue(Arrays.compareUnsigned(first, second) < 0);
        assertTrue(Arrays.compareUnsigned(second, third) < 0);
    }

    @Test
    void theEndOfABucketIsNotTheBeginningOfAName() {
        String one = hex(new StoreKey(1, new Key("ab", "c")));
        String other = hex(new StoreKey(1, new Key("a", "bc")));

        assertTrue(!one.equals(other), one);
    }

    @Test
    void isReadBack() {
        for (StoreKey key : List.of(Samples.key(0x0102, "ä"), new StoreKey(0xFFFF, new Key("", "")))) {
            assertEquals(key, RowKey.parse(RowKey.of(key)));
        }
        assertThrows(MalformedException.class, () -> RowKey.parse(new byte[10]));
    }

    @Test
    void aPartitionEndsWhereTheNextPrefixBegins() {
        assertEquals("01020000000000000002", HexFormat.of().formatHex(RowKey.behind(RowKey.prefix(0x0102))));
        assertEquals("0200", HexFormat.of().formatHex(RowKey.behind(new byte[] {1, -1})));
    }

    @Test
    void refusesWhatDoesNotFit() {
        var outside = new StoreKey(0x10000, new Key("b", "n"));
        var below = new StoreKey(-1, new Key("b", "n"));
        var longBucket = new StoreKey(1, new Key("b".repeat(256), "n"));

        assertThrows(IllegalArgumentException.class, () -> RowKey.of(outside));
        assertThrows(IllegalArgumentException.class, () -> RowKey.of(below));
        assertThrows(IllegalArgumentException.class, () -> RowKey.of(longBucket));
    }

    private static String hex(StoreKey key) {
        return HexFormat.of().formatHex(RowKey.of(key));
    }
}
