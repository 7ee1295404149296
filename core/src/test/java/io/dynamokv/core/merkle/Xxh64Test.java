package io.dynamokv.core.merkle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Xxh64Test {
    private static final long PRIME_32 = 2_654_435_761L;
    private static final long PRIME_64 = 0x9E37_79B1_85EB_CA8DL;

    /** What the reference implementation checks itself with, and lengths about each step of the algorithm. */
    @Test
    void isTheSpecificationsForEveryLengthAndSeed() {
        assertHash(0, 0, 0xEF46_DB37_51D8_E999L);
        assertHash(0, PRIME_32, 0xAC75_FDA2_929B_17EFL);
        assertHash(1, 0, 0xE934_A84A_DB05_2768L);
        assertHash(1, PRIME_32, 0x5014_6076_43A9_B4C3L);
        assertHash(8, 0, 0xCDBC_F538_E71D_1348L);
        assertHash(14, 0, 0x8282_DCC4_994E_35C8L);
        assertHash(14, PRIME_32, 0xC3BD_6BF6_3DEB_6DF0L);
        assertHash(31, 0, 0x299B_39A2_90E6_D783L);
        assertHash(32, 0, 0x18B2_1649_2BB4_4B70L);
        assertHash(33, PRIME_32, 0xE92C_292F_64BC_3071L);
        assertHash(64, PRIME_32, 0xB5EE_BA99_264C_C44FL);
        assertHash(222, 0, 0xB641_AE8C_B691_C174L);
        assertHash(222, PRIME_32, 0x20CB_8AB7_AE10_C14AL);
    }

    @Test
    void isTheSpecificationsForTexts() {
        assertEquals(0xD24E_C4F1_A98C_6E5BL, Xxh64.hash(ascii("a"), 0));
        assertEquals(0x44BC_2CF5_AD77_0999L, Xxh64.hash(ascii("abc"), 0));
        assertEquals(0xFBCE_A83C_8A37_8BF1L, Xxh64.hash(ascii("Nobody inspects the spammish repetition"), 0));
    }

    private static void assertHash(int length, long seed, long expected) {
        assertEquals(expected, Xxh64.hash(Arrays.copyOf(sanityBuffer(), length), seed), "length " + length);
    }

    private static byte[] sanityBuffer() {
        byte[] buffer = new byte[222];
        long generator = PRIME_32;
        for (int i = 0; i < buffer.length; i++) {
            buffer[i] = (byte) (generator >>> 56);
            generator *= PRIME_64;
        }
        return buffer;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
