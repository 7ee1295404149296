package io.dynamokv.core.version;

import java.nio.ByteBuffer;

/** Unsigned LEB128 numbers in buffers, each in its shortest form, so that equal values have equal bytes. */
public final class Varint {
    private static final int BYTES_MAX = 10;

    private Varint() {}

    public static int size(long value) {
        int bits = 64 - Long.numberOfLeadingZeros(value | 1);
        return (bits + 6) / 7;
    }

    public static void put(ByteBuffer to, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            to.put((byte) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        to.put((byte) rest);
    }

    public static long get(ByteBuffer from) {
        long value = 0;
        for (int i = 0; i < BYTES_MAX; i++) {
            byte next = from.get();
            value |= (long) (next & 0x7F) << (7 * i);
            if (next >= 0) {
                if (size(value) != i + 1 || i == BYTES_MAX - 1 && next > 1) {
                    throw new MalformedException("a number is not in its shortest form or has more than 64 bits");
                }
                return value;
            }
        }
        throw new MalformedException("a number has more than " + BYTES_MAX + " bytes");
    }

    /** A count or length that must lie in 0..max: checked before anything is allocated for it. */
    public static int getCount(ByteBuffer from, String what, int max) {
        long count = get(from);
        if (count < 0 || count > max) {
            throw new MalformedException(what + " must be 0.." + max + ", was " + Long.toUnsignedString(count));
        }
        return (int) count;
    }
}
