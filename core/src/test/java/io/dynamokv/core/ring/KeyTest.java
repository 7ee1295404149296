package io.dynamokv.core.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class KeyTest {
    private static final Key ALICE = new Key("carts", "alice");

    @Test
    void theTokenIsThatOfBucketAndNameAndIsComputedOnce() {
        assertEquals(Token.of("carts", "alice"), ALICE.token());
        assertSame(ALICE.token(), ALICE.token());
    }

    @Test
    void keysAreEqualWhenBucketAndNameAre() {
        var same = new Key("carts", "alice");

        assertEquals(same, ALICE);
        assertEquals(same.hashCode(), ALICE.hashCode());
        assertNotEquals(new Key("carts", "bob"), ALICE);
        assertNotEquals(new Key("lists", "alice"), ALICE);
        assertNotEquals(new Key("cartsal", "ice"), new Key("carts", "alice"));
        assertEquals("carts/alice", ALICE.toString());
    }
}
