package io.dynamokv.core.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import org.junit.jupiter.api.Test;

/** Where keys lie (Dynamo 4.2, and 6.2 strategy 3: Q equal partitions). */
class TokenTest {
    /** Another hash would move every key of every cluster, so it stands here as it was first released. */
    @Test
    void theHashNeverChanges() {
        assertEquals(new Token(0xB6EC_C422_AEB0_1EC5L), Token.of("carts", "alice"));
        assertEquals(new Token(0x4B13_674A_03BE_F7DEL), Token.of("carts", "bob"));
        assertEquals(new Token(0xD76A_7B72_669C_9CECL), Token.of("a", "b/c"));
        assertEquals(new Token(0xBCF5_4532_04E4_F6CBL), Token.of("a", "schlüssel"));
        assertEquals(new Token(0xB3DD_A5B6_74F9_CE73L), Token.of("a", ""));
        assertEquals("b6ecc422aeb01ec5", Token.of("carts", "alice").toString());
    }

    @Test
    void theOrderIsUnsigned() {
        assertTrue(new Token(0x7FFF_FFFF_FFFF_FFFFL).compareTo(new Token(0x8000_0000_0000_0000L)) < 0);
        assertTrue(new Token(0).compareTo(new Token(-1)) < 0);
    }

    @Test
    void aTokensHighestBitsAreItsPartition() {
        assertEquals(0, new Token(-1).partition(1));
        assertEquals(0, new Token(0x7FFF_FFFF_FFFF_FFFFL).partition(2));
        assertEquals(1, new Token(0x8000_0000_0000_0000L).partition(2));
        assertEquals(0xB6, Token.of("carts", "alice").partition(256));
        assertEquals(65_535, new Token(-1).partition(65_536));
    }

    @Test
    void aTokenLiesInTheRangeOfItsPartitionAndInNoOther() {
        SeededProperty.forSeeds(1_000, random -> {
            int partitions = 1 << random.nextInt(17);
            var token = new Token(random.nextLong());
            int mine = token.partition(partitions);
            int other = random.nextInt(partitions);

            assertTrue(TokenRange.ofPartition(mine, partitions).contains(token));
            assertEquals(
                    other == mine, TokenRange.ofPartition(other, partitions).contains(token));
        });
    }

    @Test
    void theRangesFollowEachOtherFromTheFirstTokenToTheLast() {
        for (int partitions : new int[] {1, 2, 256, 65_536}) {
            long next = 0;
            for (int i = 0; i < partitions; i++) {
                TokenRange range = TokenRange.ofPartition(i, partitions);
                assertEquals(new Token(next), range.first());
                assertTrue(range.contains(range.first()) && range.contains(range.last()));
                next = range.last().bits() + 1;
            }
            assertEquals(0, next, "the last range ends where the first begins");
        }
    }

    @Test
    void aRangeEndsBeforeTheNextOne() {
        TokenRange first = TokenRange.ofPartition(0, 2);

        assertTrue(first.contains(new Token(0x7FFF_FFFF_FFFF_FFFFL)));
        assertFalse(first.contains(new Token(0x8000_0000_0000_0000L)));
    }

    @Test
    void thereIsNoRangeOfAPartitionThatIsNot() {
        assertThrows(IllegalArgumentException.class, () -> TokenRange.ofPartition(-1, 8));
        assertThrows(IllegalArgumentException.class, () -> TokenRange.ofPartition(8, 8));
        assertThrows(IllegalArgumentException.class, () -> TokenRange.ofPartition(0, 6));
        assertThrows(IllegalArgumentException.class, () -> TokenRange.ofPartition(0, 0));
        assertThrows(IllegalArgumentException.class, () -> TokenRange.ofPartition(0, Integer.MIN_VALUE));
    }

    /** Keys that differ in one digit: chi-squared over 256 partitions, whose 99.99 % lies below 347. */
    @Test
    void likeKeysSpreadEvenly() {
        int partitions = 256;
        int keys = 100_000;
        int[] counts = new int[partitions];
        for (int i = 0; i < keys; i++) {
            counts[Token.of("carts", "user-" + i).partition(partitions)]++;
        }
        double expected = (double) keys / partitions;
        double chiSquared = 0;
        for (int count : counts) {
            chiSquared += (count - expected) * (count - expected) / expected;
        }
        assertTrue(chiSquared < 347, "chi-squared is " + chiSquared);
    }
}
