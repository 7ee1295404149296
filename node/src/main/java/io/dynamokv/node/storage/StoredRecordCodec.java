package io.dynamokv.node.storage;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.WriterMark;
import io.dynamokv.core.version.MalformedException;
import io.dynamokv.core.version.RecordCodec;
import io.dynamokv.core.version.Varint;
import io.dynamokv.core.version.WriterId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The value of a row: the record, and before it the node's own writer mark (rule D2), which never leaves the node and is therefore no
 * part of the record's bytes.
 *
 * <pre>
 * value = format(1) flags:1 [mark] record
 * mark  = writer:8 bootNumber:varint bootRandom:8     if flags has bit 0
 * </pre>
 */
final class StoredRecordCodec {
    private static final byte FORMAT = 1;
    private static final int HAS_MARK = 1;

    private StoredRecordCodec() {}

    static byte[] encode(StoredRecord stored) {
        WriterMark mark = stored.mark();
        int size = 2 + (mark == null ? 0 : size(mark)) + RecordCodec.size(stored.record());
        ByteBuffer to = ByteBuffer.allocate(size);
        to.put(FORMAT);
        if (mark == null) {
            to.put((byte) 0);
        } else {
            to.put((byte) HAS_MARK);
            to.putLong(mark.writer().bits());
            Varint.put(to, mark.boot().number());
            to.putLong(mark.boot().random());
        }
        RecordCodec.encode(stored.record(), to);
        return to.array();
    }

    private static int size(WriterMark mark) {
        return 16 + Varint.size(mark.boot().number());
    }

    /** @throws MalformedException if the bytes are no row's value, or if any are left behind it */
    static StoredRecord decode(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        try {
            byte format = from.get();
            if (format != FORMAT) {
                throw new MalformedException("a row's format must be " + FORMAT + ", was " + format);
            }
            WriterMark mark = decodeMark(from);
            return new StoredRecord(RecordCodec.decode(from), mark);
        } catch (BufferUnderflowException e) {
            throw new MalformedException("a row is cut off at byte " + bytes.length, e);
        }
    }

    private static @Nullable WriterMark decodeMark(ByteBuffer from) {
        byte flags = from.get();
        if ((flags & ~HAS_MARK) != 0) {
            throw new MalformedException("unknown flags " + flags + " of a row");
        }
        if (flags == 0) {
            return null;
        }
        var writer = new WriterId(from.getLong());
        long number = Varint.get(from);
        if (number < 1) {
            throw new MalformedException("a writer mark's boot number is at least 1, was " + number);
        }
        return new WriterMark(writer, new BootId(number, from.getLong()));
    }
}
