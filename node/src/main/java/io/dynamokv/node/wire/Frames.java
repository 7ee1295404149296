package io.dynamokv.node.wire;

import io.dynamokv.core.version.MalformedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/**
 * Cuts a stream into frames: a length of four bytes, then so many bytes. Keeps what is not whole yet. A length beyond the bound is an
 * error before anything is allocated for it.
 */
public final class Frames {
    private static final int LENGTH_BYTES = 4;
    private final Consumer<ByteBuf> onFrame;
    private int frameBytesMax;
    private ByteBuf rest = Unpooled.EMPTY_BUFFER;

    /** @param onFrame gets each frame's bytes, valid during the call alone */
    public Frames(int frameBytesMax, Consumer<ByteBuf> onFrame) {
        this.frameBytesMax = frameBytesMax;
        this.onFrame = onFrame;
    }

    /** A peer that has proved itself may send longer frames. */
    public void allow(int frameBytesMax) {
        this.frameBytesMax = frameBytesMax;
    }

    /** @throws MalformedException if a frame's length is out of bounds, or what {@code onFrame} throws */
    public void read(ByteBuf chunk) {
        if (rest.isReadable()) {
            // Appended, not copied anew with each chunk: a record of megabytes comes in a thousand chunks.
            rest.writeBytes(chunk);
            readWhole(rest);
            rest = rest.isReadable() ? rest.discardReadBytes() : Unpooled.EMPTY_BUFFER;
        } else {
            readWhole(chunk);
            rest = chunk.isReadable()
                    ? Unpooled.buffer(chunk.readableBytes()).writeBytes(chunk)
                    : Unpooled.EMPTY_BUFFER;
        }
    }

    private void readWhole(ByteBuf bytes) {
        while (bytes.readableBytes() >= LENGTH_BYTES) {
            int length = bytes.getInt(bytes.readerIndex());
            if (length < 1 || length > frameBytesMax) {
                throw new MalformedException("a frame's length must be 1.." + frameBytesMax + ", was " + length);
            }
            if (bytes.readableBytes() < LENGTH_BYTES + length) {
                return;
            }
            bytes.skipBytes(LENGTH_BYTES);
            onFrame.accept(bytes.readSlice(length));
        }
    }

    /** Leaves room for a frame's length. */
    public static int begin(ByteBuf to) {
        int start = to.writerIndex();
        to.writeInt(0);
        return start;
    }

    public static void end(ByteBuf to, int start) {
        to.setInt(start, to.writerIndex() - start - LENGTH_BYTES);
    }
}
