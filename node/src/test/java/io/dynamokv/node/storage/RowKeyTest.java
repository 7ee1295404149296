package io.dynamokv.node.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.version.MalformedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RowKeyTest {
    /** The first leaf's bits are those of carts/ä's token behind its first 16. */
    @Test
    void hasTheBytesOfLayoutTwo() {
        StoreKey key = Samples.key(0x0102, "ä");
        String leaf = HexFormat.of().toHexDigits((short) Leaf.indexOf(key.key()));
        String token = key.key().token().toString();

        assertEquals(Integer.parseInt(token.substring(4, 8), 16) >> 6, Integer.parseInt(leaf, 16));
        assertEquals("01020000000000000001" + leaf + "056361727473c3a4", hex(key));
        assertEquals(
                "01020000000000000001" + leaf,
                HexFormat.of().formatHex(RowKey.ofLeaf(0x0102, Leaf.indexOf(key.key()))));
    }

    /** Rule V4: a holding is one range, and in it each leaf of its tree. */
    @Test
    void rowsLieInTheOrderOfTheirKeys() {
        for (int seed = 0; seed < 20; seed++) {
            RandomGenerator random = new SplittableRandom(seed);
            List<StoreKey> keys = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                keys.add(randomKey(random));
            }
            List<StoreKey> byBytes = new ArrayList<>(keys);
            byBytes.sort((one, other) -> Arrays.compareUnsigned(RowKey.of(one), RowKey.of(other)));
            Collections.sort(keys);

            assertEquals(keys, byBytes);
        }
    }

    /** Texts of one to four bytes a letter, some of which Java orders otherwise than UTF-8 does. */
    private static StoreKey randomKey(RandomGenerator random) {
        String[] letters = {"a", "b", "ä", "\uE000", "\uD83D\uDE00", "\uFFFD"};
        var bucket = new StringBuilder();
        var name = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            bucket.append(letters[random.nextInt(letters.length)]);
            name.append(letters[random.nextInt(letters.length)]);
        }
        int partition = random.nextBoolean() ? 0x7FFF : 0x8000;
        return new StoreKey(partition, new Key(bucket.toString(), name.toString()));
    }

    @Test
    void aRowsKeyIsReadBack() {
        RandomGenerator random = new SplittableRandom(1);
        for (int i = 0; i < 200; i++) {
            StoreKey key = randomKey(random);
            assertEquals(key, RowKey.parse(RowKey.of(key)));
        }
    }

    @Test
    void aKeyThatIsCutOffOrLiesInAnotherLeafIsDamage() {
        byte[] key = RowKey.of(Samples.key(7, "a"));
        byte[] elsewhere = key.clone();
        elsewhere[11] ^= 1;

        assertThrows(MalformedException.class, () -> RowKey.parse(Arrays.copyOf(key, 14)));
        assertThrows(MalformedException.class, () -> RowKey.parse(elsewhere));
    }

    @Test
    void aSpanBeginsBehindItsKeyAndEndsWithItsLastLeaf() {
        StoreKey key = Samples.key(7, "a");
        int leaf = Leaf.indexOf(key.key());
        var span = new Span(7, leaf, key.key(), leaf);

        assertTrue(Arrays.compareUnsigned(RowKey.of(key), RowKey.firstOf(span)) < 0);
        assertTrue(Arrays.compareUnsigned(RowKey.of(key), RowKey.firstOf(Span.ofLeaf(7, leaf))) > 0);
        assertTrue(Arrays.compareUnsigned(RowKey.of(key), RowKey.endOf(span)) < 0);
        assertEquals("00070000000000000001" + "0400", HexFormat.of().formatHex(RowKey.endOf(Span.ofPartition(7))));
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
