package io.dynamokv.node.wire;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.version.MalformedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** What a peer may send that is broken or means harm: a codec reads it as a message or says that it is malformed, and nothing else happens. */
record HostileBytes<M>(Collection<M> samples, Function<M, byte[]> encode, Function<ByteBuf, M> decode) {
    private static final int ALLOCATED_BYTES_MAX = 1 << 20;

    void flipEveryBit() {
        for (M message : samples) {
            byte[] bytes = encode.apply(message);
            for (int bit = 0; bit < bytes.length * 8; bit++) {
                byte[] flipped = bytes.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                assertMessageOrMalformed(flipped);
            }
        }
    }

    /** @param types most of what is drawn is of a type below this one */
    void draw(int seeds, int lengthMax, int types) {
        for (long seed = 1; seed <= seeds; seed++) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            for (int i = 0; i < 500; i++) {
                byte[] bytes = new byte[random.nextInt(lengthMax)];
                random.nextBytes(bytes);
                if (bytes.length > 1) {
                    bytes[0] = 1;
                    bytes[1] = (byte) random.nextInt(types);
                }
                assertMessageOrMalformed(bytes);
            }
        }
    }

    /** A short message that claims to hold a long text, many dots or many siblings. */
    void lieAboutLengths() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (M message : samples) {
            byte[] bytes = encode.apply(message);
            for (int i = 2; i < bytes.length; i++) {
                byte[] lying = bytes.clone();
                for (int j = i; j < Math.min(i + 5, lying.length); j++) {
                    lying[j] = 0x7F;
                }
                long before = threads.getCurrentThreadAllocatedBytes();
                assertMessageOrMalformed(lying);
                long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                assertTrue(
                        allocated < ALLOCATED_BYTES_MAX,
                        () -> allocated + " bytes for " + HexFormat.of().formatHex(lying));
            }
        }
    }

    /** Also what is read must be writable: it may be quoted, passed on or sent on. */
    private void assertMessageOrMalformed(byte[] bytes) {
        M message;
        try {
            message = decode.apply(Unpooled.wrappedBuffer(bytes));
        } catch (MalformedException e) {
            assertNotNull(e.getMessage());
            return;
        } catch (RuntimeException e) {
            throw new AssertionError(HexFormat.of().formatHex(bytes), e);
        }
        assertTrue(encode.apply(message).length > 0);
    }
}
