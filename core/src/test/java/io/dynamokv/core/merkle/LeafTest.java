package io.dynamokv.core.merkle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.ring.Key;
import org.junit.jupiter.api.Test;

class LeafTest {
    /** Rows lie by it: another one would lose them. The token of carts/alice is b6ec c422 aeb0 1ec5, and leaves have the bits of c42 but two. */
    @Test
    void theLeafOfAKeyNeverChanges() {
        assertEquals(0xC42 >> 2, Leaf.indexOf(new Key("carts", "alice")));
        assertEquals(0x674 >> 2, Leaf.indexOf(new Key("carts", "bob")));
    }

    /** Chi-squared over 1024 leaves, whose 99.99 % lies below 1198; the keys of one partition of 256. */
    @Test
    void theKeysOfOnePartitionSpreadEvenlyOverItsLeaves() {
        int[] counts = new int[Leaf.COUNT];
        int keys = 0;
        for (int i = 0; keys < 20_000; i++) {
            var key = new Key("carts", "user-" + i);
            if (key.token().partition(256) == 7) {
                counts[Leaf.indexOf(key)]++;
                keys++;
            }
        }
        double expected = (double) keys / Leaf.COUNT;
        double chiSquared = 0;
        for (int count : counts) {
            chiSquared += (count - expected) * (count - expected) / expected;
        }
        assertTrue(chiSquared < 1198, "chi-squared is " + chiSquared);
    }

    @Test
    void thereAreNoOtherLeaves() {
        assertThrows(IllegalArgumentException.class, () -> new Leaf(0, -1));
        assertThrows(IllegalArgumentException.class, () -> new Leaf(0, Leaf.COUNT));
        assertThrows(IllegalArgumentException.class, () -> new Leaf(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> LeafTable.of(new long[Leaf.COUNT - 1]));
    }
}
