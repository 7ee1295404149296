package io.dynamokv.node.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.version.MalformedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FramesTest {
    private final List<String> read = new ArrayList<>();
    private final Frames frames = new Frames(100, frame -> read.add(frame.toString(StandardCharsets.US_ASCII)));

    private static byte[] stream(String... texts) {
        ByteBuf to = Unpooled.buffer();
        for (String text : texts) {
            int start = Frames.begin(to);
            to.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
            Frames.end(to, start);
        }
        return ByteBufUtil.getBytes(to);
    }

    @Test
    void framesArriveHoweverTheStreamIsCutInThree() {
        byte[] stream = stream("a", "bc", "defg");
        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second++) {
                read.clear();
                frames.read(Unpooled.wrappedBuffer(stream, 0, first));
                frames.read(Unpooled.wrappedBuffer(stream, first, second - first));
                frames.read(Unpooled.wrappedBuffer(stream, second, stream.length - second));
                assertEquals(List.of("a", "bc", "defg"), read, "cut at " + first + " and " + second);
            }
        }
    }

    @Test
    void framesArriveByteByByte() {
        for (byte b : stream("a", "bc", "x".repeat(100))) {
            frames.read(Unpooled.wrappedBuffer(new byte[] {b}));
        }

        assertEquals(List.of("a", "bc", "x".repeat(100)), read);
    }

    /** The reader may use its buffer again when the call has returned. */
    @Test
    void whatIsKeptIsNotTheReadersBuffer() {
        byte[] stream = stream("abc");
        byte[] reused = Arrays.copyOf(stream, 5);
        frames.read(Unpooled.wrappedBuffer(reused));
        Arrays.fill(reused, (byte) 'z');
        frames.read(Unpooled.wrappedBuffer(stream, 5, stream.length - 5));

        assertEquals(List.of("abc"), read);
    }

    @Test
    void aLengthOutOfBoundsIsMalformedBeforeAnythingIsKeptForIt() {
        for (int length : new int[] {0, -1, 101, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            var fresh = new Frames(100, frame -> read.add("none"));
            ByteBuf bytes = Unpooled.buffer().writeInt(length);
            var e = assertThrows(MalformedException.class, () -> fresh.read(bytes));
            assertTrue(String.valueOf(e.getMessage()).contains("1..100, was " + length), e::getMessage);
        }
        assertEquals(List.of(), read);
    }

    @Test
    void whoHasProvedItselfMaySendLongerFrames() {
        byte[] stream = stream("x".repeat(101));
        assertThrows(MalformedException.class, () -> new Frames(100, frame -> {}).read(Unpooled.wrappedBuffer(stream)));

        frames.allow(101);
        frames.read(Unpooled.wrappedBuffer(stream));

        assertEquals(1, read.size());
    }

    /** The new bound holds from the very next frame on, though it stands in the same chunk. */
    @Test
    void theBoundMayBeRaisedFromWithinAFrame() {
        var lengths = new ArrayList<Integer>();
        var self = new Frames[1];
        self[0] = new Frames(1, frame -> {
            lengths.add(frame.readableBytes());
            self[0].allow(50);
        });

        self[0].read(Unpooled.wrappedBuffer(stream("a", "x".repeat(50))));

        assertEquals(List.of(1, 50), lengths);
    }

    /** Copying what is kept at every chunk would take a minute. */
    @Test
    void aLongFrameInSmallChunksCostsNoMoreThanItsLength() {
        int length = 32 << 20;
        byte[] chunk = new byte[1 << 10];
        var seen = new AtomicInteger();
        var large = new Frames(length, frame -> seen.set(frame.readableBytes()));
        large.read(Unpooled.buffer().writeInt(length));

        assertTimeout(Duration.ofSeconds(5), () -> {
            for (int sent = 0; sent < length; sent += chunk.length) {
                large.read(Unpooled.wrappedBuffer(chunk));
            }
        });

        assertEquals(length, seen.get());
    }
}
